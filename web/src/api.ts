// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Talks to the bench: requests, and its stream of server-sent events. The stream is fetched and not an
// EventSource, which cannot bear a token.

export class Refused extends Error {
  constructor(
    readonly status: number,
    problem: string,
  ) {
    super(problem);
  }
}

const kTokenKey = "doppelpack-token";

/** The bench's token: from the address (#token=...), which then loses it, or as typed in before. */
export function takeToken(): void {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given === null) return;
  setToken(given);
  history.replaceState(null, "", location.pathname);
}

export function setToken(token: string): void {
  sessionStorage.setItem(kTokenKey, token);
}

function headers(): Record<string, string> {
  const token = sessionStorage.getItem(kTokenKey);
  return token === null ? {} : {Authorization: `Bearer ${token}`};
}

async function checked(response: Response): Promise<Response> {
  if (response.ok) return response;
  const text = await response.text();
  let problem = text;
  try {
    problem = (JSON.parse(text) as {problem: string}).problem;
  } catch {
    // not one of the bench's own answers
  }
  throw new Refused(response.status, problem || `${response.status} ${response.statusText}`);
}

export async function get<T>(path: string): Promise<T> {
  const response = await checked(await fetch(`api/v1/${path}`, {headers: headers()}));
  return (await response.json()) as T;
}

/** A file of the bench, for the person's own folder. */
export async function download(path: string, name: string): Promise<void> {
  const response = await checked(await fetch(`api/v1/${path}`, {headers: headers()}));
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

export async function post<T>(path: string, body: object): Promise<T> {
  const response = await checked(
    await fetch(`api/v1/${path}`, {
      method: "POST",
      headers: {...headers(), "Content-Type": "application/json"},
      body: JSON.stringify(body),
    }),
  );
  return (await response.json()) as T;
}

export type Listener = (event: string, data: unknown) => void;

function hear(message: string, listener: Listener): void {
  let event = "message";
  let data = "";
  for (const line of message.split("\n")) {
    if (line.startsWith("event: ")) event = line.slice(7);
    if (line.startsWith("data: ")) data += line.slice(6);
  }
  if (data !== "") listener(event, JSON.parse(data));
}

/** Listens until the stream ends or `signal` ends it. */
export async function listen(globs: string[], listener: Listener, signal: AbortSignal): Promise<void> {
  const query = new URLSearchParams({signals: globs.join(","), rate: "20"});
  const response = await checked(await fetch(`api/v1/stream?${query}`, {headers: headers(), signal}));
  if (response.body === null) return;
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const {done, value} = await reader.read();
    if (done) return;
    const messages = (rest + decoder.decode(value, {stream: true})).split("\n\n");
    rest = messages.pop() ?? "";
    for (const message of messages) hear(message, listener);
  }
}
