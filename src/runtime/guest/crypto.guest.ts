import { askBytes, errorNamed } from "./door.guest.ts";
import { ByteArray, isView, typedArrayName } from "./primordials.guest.ts";
import { SubtleCrypto } from "./subtle.guest.ts";

const MAX_BYTES = 65_536;
const INTEGERS = /^(?:Big)?(?:Ui|I)nt(?:8|16|32|64)(?:Clamped)?Array$/;

const randomBytes = (count: number): Uint8Array => askBytes("random", new Uint32Array([count]).buffer);
const hex = (byte: number): string => (byte + 0x100).toString(16).slice(1);

let made = false;

export class Crypto {
  #subtle: SubtleCrypto;

  constructor() {
    if (made) throw new TypeError("Illegal constructor");
    made = true;
    this.#subtle = new SubtleCrypto();
  }

  get subtle(): SubtleCrypto {
    return this.#subtle;
  }

  getRandomValues(array: unknown): unknown {
    if (!isView(array) || !INTEGERS.test(String(typedArrayName(array)))) {
      throw errorNamed("TypeMismatchError", "getRandomValues fills a typed array of integers.");
    }
    if (array.byteLength > MAX_BYTES) {
      throw errorNamed("QuotaExceededError", `getRandomValues gives at most ${MAX_BYTES} bytes at once.`);
    }
    new ByteArray(array.buffer, array.byteOffset, array.byteLength).set(randomBytes(array.byteLength));
    return array;
  }

  randomUUID(): string {
    const bytes = Array.from(randomBytes(16), (byte, index) =>
      hex(index === 6 ? 0x40 | (byte & 0x0f) : index === 8 ? 0x80 | (byte & 0x3f) : byte),
    ).join("");
    return [
      [0, 8],
      [8, 12],
      [12, 16],
      [16, 20],
      [20, 32],
    ]
      .map(([from, to]) => bytes.slice(from, to))
      .join("-");
  }
}
