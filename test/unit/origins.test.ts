import { describe, expect, it } from "vitest";
import { createOrigins } from "../../src/origins.ts";

describe("where we are", () => {
  it.each([
    ["http://localhost:8787/healthz", 8_787],
    ["http://localhost/", 80],
    ["https://hooks.example.com/x", 443],
  ])("is what the first request says: %s", (url, port) => {
    const origins = createOrigins({ hooksHost: "localhost" });
    expect(origins.ownPort()).toBeNull();
    origins.arrive(url);
    origins.arrive("http://localhost:9999/");
    expect(origins.ownPort()).toBe(port);
  });
});
