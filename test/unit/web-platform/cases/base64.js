for (const [text, encoded] of [
  ["", ""],
  ["a", "YQ=="],
  ["ab", "YWI="],
  ["abc", "YWJj"],
  ["abcd", "YWJjZA=="],
  ["\u0000", "AA=="],
  ["\u00ff\u00ff\u00c0", "///A"],
  ["\u00fe\u00fd\u00fc", "/v38"],
  ["\u0000\u0001\u0002\u0003", "AAECAw=="],
]) {
  test(`btoa and atob of ${JSON.stringify(text)}`, () => equal([btoa(text), atob(encoded)], [encoded, text]));
}
test("btoa of every byte, and back", () => {
  const all = String.fromCharCode(...Array.from({ length: 256 }, (_, code) => code));
  equal(atob(btoa(all)), all);
});
for (const text of ["\u0100", "a\u20ac", "\ud83d\ude00", "\uffff", "\ud800", "\u05d0\u05d1"]) {
  test(`btoa refuses ${JSON.stringify(text)}`, () => {
    const error = throws("InvalidCharacterError", () => btoa(text));
    equal([error.code, error instanceof DOMException], [5, true]);
  });
}
for (const [what, given, encoded] of [
  ["null", null, "bnVsbA=="],
  ["undefined", undefined, "dW5kZWZpbmVk"],
  ["a number", 1.5, "MS41"],
  ["NaN", Number.NaN, "TmFO"],
  ["minus zero", -0, "MA=="],
  ["an object", { toString: () => "x" }, "eA=="],
]) {
  test(`btoa takes ${what} for a text`, () => equal(btoa(given), encoded));
}
for (const [given, text] of [
  ["", ""],
  [" YQ==", "a"],
  ["Y Q = =", "a"],
  ["\tYWI\n=\f\r ", "ab"],
  ["YQ", "a"],
  ["YWI", "ab"],
  ["YR==", "a"],
  ["YR", "a"],
  ["YWJ=", "ab"],
  ["ab==", "i"],
  ["abcd", "i\u00b7\u001d"],
  ["abcd ", "i\u00b7\u001d"],
  ["A/", "\u0003"],
  ["//A=", "\u00ff\u00f0"],
  ["AA\tAA", "\u0000\u0000\u0000"],
]) {
  test(`atob takes ${JSON.stringify(given)}`, () => equal(atob(given), text));
}
for (const given of [
  "a",
  "abcde",
  "=",
  "==",
  "===",
  "====",
  "a=",
  "a==",
  "ab=",
  "ab===",
  "abc==",
  "abcd=",
  "abcd==",
  "=a",
  "ab=c",
  "a=b=",
  "YQ==YQ==",
  "Y\u00a0Q==",
  "YQ\u000b",
  "YQ-_",
  "*",
  "\u0000",
  "ab\u0000cd",
  "\u00e9",
  "\u20ac",
  "\ud83d\ude00",
  "a\u0000",
  "%",
]) {
  test(`atob refuses ${JSON.stringify(given)}`, () => {
    const error = throws("InvalidCharacterError", () => atob(given));
    equal([error.code, error instanceof DOMException], [5, true]);
  });
}
for (const [what, given, text] of [
  ["null", null, "\u009e\u00e9e"],
  ["a number", 12, "\u00d7"],
  ["true", true, "\u00b6\u00bb\u009e"],
  ["Infinity", Number.POSITIVE_INFINITY, '"w\u00e2\u009e+r'],
]) {
  test(`atob takes ${what} for a text`, () => equal(atob(given), text));
}
test("atob refuses undefined and NaN for their lengths", () => {
  throws("InvalidCharacterError", () => atob(undefined));
  equal(atob(Number.NaN), "5\u00a3");
});
test("both need an argument", () => {
  throws("TypeError", () => atob());
  throws("TypeError", () => btoa());
  equal([atob.length, btoa.length, atob.name, btoa.name], [1, 1, "atob", "btoa"]);
});
