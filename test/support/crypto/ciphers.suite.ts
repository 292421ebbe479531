import { describe, expect, it } from "vitest";
import { json, type Script } from "./script.ts";

/** The GCM specification's plaintext (McGrew and Viega, appendix B), cases 4 to 6 and 16. */
const PLAIN =
  "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";
const AAD = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
const KEY = "feffe9928665731c6d6a8f9467308308";
const GCM: readonly (readonly [what: string, key: string, iv: string, sealed: string])[] = [
  [
    "case 4",
    KEY,
    "cafebabefacedbaddecaf888",
    "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47",
  ],
  [
    "case 6, an IV of 60 bytes",
    KEY,
    "9313225df88406e555909c5aff5269aa6a7a9538534f7da1e4c303d2a318a728c3c0c95156809539fcf0e2429a6b525416aedbf5a0de6a57a637b39b",
    "8ce24998625615b603a033aca13fb894be9112a5c3a211a8ba262a3cca7e2ca701e4a9a4fba43c90ccdcb281d48c7c6fd62875d2aca417034c34aee5619cc5aefffe0bfa462af43c1699d050",
  ],
  [
    "case 16",
    KEY + KEY,
    "cafebabefacedbaddecaf888",
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b",
  ],
];

/** NIST SP 800-38A, F.2 and F.5: four blocks; Web Cryptography's CBC adds one of padding. */
const BLOCKS =
  "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";
const AES_128 = "2b7e151628aed2a6abf7158809cf4f3c";
const AES_192 = "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b";
const AES_256 = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";
const CBC: readonly (readonly [bits: number, key: string, sealed: string])[] = [
  [
    128,
    AES_128,
    "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b273bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7",
  ],
  [
    192,
    AES_192,
    "4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a571b242012fb7ae07fa9baac3df102e008b0e27988598881d920a9e64f5615cd",
  ],
  [
    256,
    AES_256,
    "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b",
  ],
];
const CTR: readonly (readonly [bits: number, key: string, sealed: string])[] = [
  [
    128,
    AES_128,
    "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee",
  ],
  [
    256,
    AES_256,
    "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c52b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6",
  ],
];

const BOTH = (name: string, key: string, parameters: string, plain: string): string => `
  const key = await secret("${name}", unhex("${key}"), "encrypt", "decrypt");
  const use = { name: "${name}", ${parameters} };
  const sealed = await subtle.encrypt(use, key, unhex("${plain}"));
  const opened = hex(await subtle.decrypt(use, key, sealed));`;

export const ciphers = (script: Script): void => {
  describe("AES-GCM", () => {
    it.each(GCM)("seals and opens %s of the specification", async (_, key, iv, sealed) => {
      const parameters = `iv: unhex("${iv}"), additionalData: unhex("${AAD}")`;
      expect(
        await script(
          `${BOTH("AES-GCM", key, parameters, PLAIN)} return [hex(sealed), opened, key.algorithm.length]`,
        ),
      ).toEqual([sealed, PLAIN, key.length * 4]);
    });

    it("gives tags of the lengths that there are, and no others", async () => {
      const lengths = [32, 64, 96, 104, 112, 120, 128];
      expect(
        await script(`
          const key = await secret("AES-GCM", unhex("${KEY}"), "encrypt", "decrypt"); const iv = new Uint8Array(12); const sizes = [];
          for (const tagLength of ${json(lengths)}) { const use = { name: "AES-GCM", iv, tagLength };
            const sealed = await subtle.encrypt(use, key, utf8("four")); sizes.push(sealed.byteLength - 4); await subtle.decrypt(use, key, sealed) }
          return [sizes, await all([0, 8, 100, 136, 255, 256, -1].map((tagLength) => () => subtle.encrypt({ name: "AES-GCM", iv, tagLength }, key, utf8("x"))))]`),
      ).toEqual([
        lengths.map((bits) => bits / 8),
        [...Array.from({ length: 5 }, () => "OperationError"), "TypeError", "TypeError"],
      ]);
    });

    it("opens nothing that was changed: data, tag, IV, additional data, tag length, or cut", async () => {
      expect(
        await script(`
          const key = await secret("AES-GCM", unhex("${KEY}"), "encrypt", "decrypt");
          const other = await secret("AES-GCM", unhex("${AES_128}"), "decrypt");
          const use = { name: "AES-GCM", iv: new Uint8Array(12), additionalData: utf8("with") };
          const sealed = new Uint8Array(await subtle.encrypt(use, key, utf8("secret")));
          const flip = (at) => sealed.map((byte, index) => (index === at ? byte ^ 1 : byte));
          return all([
            () => subtle.decrypt(use, key, flip(0)), () => subtle.decrypt(use, key, flip(sealed.length - 1)),
            () => subtle.decrypt({ ...use, iv: new Uint8Array(12).fill(1) }, key, sealed), () => subtle.decrypt({ ...use, additionalData: utf8("wiþ") }, key, sealed),
            () => subtle.decrypt({ name: "AES-GCM", iv: use.iv }, key, sealed), () => subtle.decrypt({ ...use, tagLength: 96 }, key, sealed),
            () => subtle.decrypt(use, key, sealed.slice(0, 21)), () => subtle.decrypt(use, key, sealed.slice(0, 15)), () => subtle.decrypt(use, key, new Uint8Array()),
            () => subtle.decrypt(use, other, sealed), () => subtle.encrypt({ name: "AES-GCM" }, key, utf8("x"))])`),
      ).toEqual([...Array.from({ length: 10 }, () => "OperationError"), "TypeError"]);
    });
  });

  describe("AES-CBC", () => {
    it.each(CBC)("with %i bits as NIST SP 800-38A has it", async (_, key, sealed) => {
      const iv = `iv: unhex("000102030405060708090a0b0c0d0e0f")`;
      expect(
        await script(
          `${BOTH("AES-CBC", key, iv, BLOCKS)} return [hex(sealed).slice(0, 128), sealed.byteLength, opened]`,
        ),
      ).toEqual([sealed, 80, BLOCKS]);
    });

    it("pads every length, and refuses bad padding, part of a block, and an IV that is none", async () => {
      expect(
        await script(`
          const key = await secret("AES-CBC", unhex("${AES_128}"), "encrypt", "decrypt"); const use = { name: "AES-CBC", iv: new Uint8Array(16) };
          const sizes = []; for (const length of [0, 1, 15, 16, 17]) { const sealed = await subtle.encrypt(use, key, new Uint8Array(length)); sizes.push([sealed.byteLength, (await subtle.decrypt(use, key, sealed)).byteLength]) }
          return [sizes, await all([() => subtle.decrypt(use, key, new Uint8Array(16)), () => subtle.decrypt(use, key, new Uint8Array(15)), () => subtle.decrypt(use, key, new Uint8Array(0)),
            ...[0, 12, 15, 17].map((length) => () => subtle.encrypt({ name: "AES-CBC", iv: new Uint8Array(length) }, key, utf8("x"))), () => subtle.encrypt({ name: "AES-CBC" }, key, utf8("x"))])]`),
      ).toEqual([
        [
          [16, 0],
          [16, 1],
          [16, 15],
          [32, 16],
          [32, 17],
        ],
        [...Array.from({ length: 7 }, () => "OperationError"), "TypeError"],
      ]);
    });
  });

  describe("AES-CTR", () => {
    it.each(CTR)("with %i bits as NIST SP 800-38A has it", async (_, key, sealed) => {
      const counter = `counter: unhex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"), length: 64`;
      expect(await script(`${BOTH("AES-CTR", key, counter, BLOCKS)} return [hex(sealed), opened]`)).toEqual([
        sealed,
        BLOCKS,
      ]);
    });

    it("wraps its counter within its own bits, and never uses one twice", async () => {
      expect(
        await script(`
          const key = await secret("AES-CTR", unhex("${AES_128}"), "encrypt"); const zeros = (blocks) => new Uint8Array(16 * blocks);
          const at = async (counter, length, blocks) => hex(await subtle.encrypt({ name: "AES-CTR", counter, length }, key, zeros(blocks)));
          const last = new Uint8Array(16).fill(255); const first = last.slice(); first[15] = 0xf0;
          const both = await at(last, 4, 2);
          return [both === (await at(last, 128, 1)) + (await at(first, 128, 1)),
            await all([() => at(last, 1, 3), () => at(last, 0, 1), () => at(last, 129, 1), () => at(last, 256, 1), () => at(new Uint8Array(15), 64, 1)])]`),
      ).toEqual([
        true,
        ["OperationError", "OperationError", "OperationError", "TypeError", "OperationError"],
      ]);
    });
  });
};
