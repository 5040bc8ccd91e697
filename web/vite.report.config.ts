// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors
import {defineConfig, type Plugin} from "vite";

/** Script and style go into the page itself: a report is one file. */
function oneFile(): Plugin {
  return {
    name: "one-file",
    enforce: "post",
    generateBundle(_, bundle) {
      const page = bundle["report.html"];
      if (page?.type !== "asset") throw new Error("report.html is not there");
      let html = String(page.source);
      const replace = (pattern: RegExp, text: string): void => {
        if (!pattern.test(html)) throw new Error(`report.html has no place for ${text.slice(0, 40)}`);
        html = html.replace(pattern, () => text);
      };
      for (const [name, part] of Object.entries(bundle)) {
        if (part.type === "chunk")
          replace(
            /<script type="module"[^>]* src=[^>]*><\/script>/,
            `<script type="module">${part.code.replaceAll("</script", "<\\/script")}</script>`,
          );
        else if (name.endsWith(".css"))
          replace(/<link rel="stylesheet"[^>]*>/, `<style>${String(part.source)}</style>`);
        else continue;
        delete bundle[name];
      }
      page.source = html;
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [oneFile()],
  build: {
    target: "es2021",
    modulePreload: {polyfill: false},
    reportCompressedSize: false,
    cssCodeSplit: false,
    assetsInlineLimit: Infinity,
    emptyOutDir: false,
    rollupOptions: {input: "report.html"},
  },
});
