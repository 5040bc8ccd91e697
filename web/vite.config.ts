// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors
import {defineConfig} from "vite";

// `npm run dev` shows the page of a bench that is served on port 8080.
export default defineConfig({
  base: "./",
  build: {target: "es2021", modulePreload: {polyfill: false}, reportCompressedSize: false},
  server: {proxy: {"/api": "http://127.0.0.1:8080"}},
});
