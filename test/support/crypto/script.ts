/** Runs the body of an async function as a script that has `crypto`, and gives what it returns. */
export type Script = (body: string) => Promise<unknown>;

/** What every script of these suites begins with. */
export const HELP = `
const { subtle } = crypto;
const utf8 = (text) => new TextEncoder().encode(text);
const text = (bytes) => new TextDecoder().decode(bytes);
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (text) => new Uint8Array((text.match(/../g) ?? []).map((pair) => parseInt(pair, 16)));
const base64url = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const unbase64url = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const rejected = async (f) => { try { await f(); return "nothing" } catch (e) { return e.name } };
const all = async (fs) => { const out = []; for (const f of fs) out.push(await rejected(f)); return out };
const secret = (name, raw, ...usages) => subtle.importKey("raw", raw, name, true, usages);
`;

export const json = (value: unknown): string => JSON.stringify(value);
