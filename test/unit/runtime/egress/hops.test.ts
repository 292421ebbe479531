import { describe, expect, it } from "vitest";
import { utf8 } from "../../../../src/lib/bytes.ts";
import { createHops } from "../../../../src/runtime/egress/hops.ts";

const [one, two] = [utf8("a secret of thirty-two bytes, one"), utf8("a secret of thirty-two bytes, two")];

describe("the hop header", () => {
  it("gives back the count that was written", async () => {
    const hops = createHops([one]);
    for (const count of [1, 2, 3, 4, 999]) expect(await hops.read(await hops.write(count))).toBe(count);
  });

  it("holds nothing but the count and a signature, the same each time", async () => {
    const header = await createHops([one]).write(2);
    expect(header).toMatch(/^2\.[\w-]{43}$/);
    expect(await createHops([one]).write(2)).toBe(header);
  });

  it("is signed by the first key and verified by all: a rotation breaks no chain", async () => {
    const before = await createHops([one]).write(2);
    const rotated = createHops([two, one]);
    expect(await rotated.read(before)).toBe(2);
    expect(await createHops([one]).read(await rotated.write(2))).toBe(0);
  });

  it("counts as 0 when it is not ours", async () => {
    const hops = createHops([one]);
    const header = await hops.write(3);
    const forged = [
      null,
      "",
      "3",
      "3.",
      "1" + header.slice(1),
      header + "A",
      `${header}, ${header}`,
      "03" + header.slice(1),
    ];
    for (const text of [...forged, await createHops([two]).write(3)]) expect(await hops.read(text)).toBe(0);
  });
});
