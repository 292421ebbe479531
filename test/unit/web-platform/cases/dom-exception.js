const CODES = {
  IndexSizeError: 1,
  HierarchyRequestError: 3,
  WrongDocumentError: 4,
  InvalidCharacterError: 5,
  NoModificationAllowedError: 7,
  NotFoundError: 8,
  NotSupportedError: 9,
  InUseAttributeError: 10,
  InvalidStateError: 11,
  SyntaxError: 12,
  InvalidModificationError: 13,
  NamespaceError: 14,
  InvalidAccessError: 15,
  TypeMismatchError: 17,
  SecurityError: 18,
  NetworkError: 19,
  AbortError: 20,
  URLMismatchError: 21,
  TimeoutError: 23,
  InvalidNodeTypeError: 24,
  DataCloneError: 25,
};
for (const [name, code] of Object.entries(CODES)) {
  test(`${name} has the code ${code}`, () =>
    equal([new DOMException("x", name).code, new DOMException("x", name).name], [code, name]));
}
for (const name of [
  "EncodingError",
  "NotReadableError",
  "UnknownError",
  "ConstraintError",
  "DataError",
  "OperationError",
  "NotAllowedError",
  "Error",
  "toString",
  "",
]) {
  test(`${JSON.stringify(name)} has no code`, () =>
    equal([new DOMException("x", name).code, new DOMException("x", name).name], [0, name]));
}
test("has defaults", () =>
  equal([new DOMException().name, new DOMException().message, new DOMException().code], ["Error", "", 0]));
test("takes anything for texts", () =>
  equal(
    [new DOMException(null).message, new DOMException(undefined).message, new DOMException(1, 2).name],
    ["null", "", "2"],
  ));
test("is an Error, and no native one by its prototype", () => {
  const error = new DOMException("told", "AbortError");
  equal(
    [
      error instanceof Error,
      error instanceof DOMException,
      Object.getPrototypeOf(DOMException.prototype) === Error.prototype,
    ],
    [true, true, true],
  );
  equal(
    [String(error), Object.prototype.toString.call(error)],
    ["AbortError: told", "[object DOMException]"],
  );
});
test("has a stack", () => equal(typeof new DOMException("x").stack, "string"));
test("keeps name and message on its prototype, as accessors", () => {
  const error = new DOMException("told", "AbortError");
  equal(
    ["name", "message", "code"].map((name) => [
      Object.hasOwn(error, name),
      typeof Object.getOwnPropertyDescriptor(DOMException.prototype, name).get,
    ]),
    Array.from({ length: 3 }, () => [false, "function"]),
  );
});
test("attributes cannot be set", () => {
  const error = new DOMException("told");
  throws("TypeError", () => {
    error.message = "x";
  });
});
test("attributes refuse other objects", () => {
  for (const name of ["name", "message", "code"])
    throws("TypeError", () => Object.getOwnPropertyDescriptor(DOMException.prototype, name).get.call({}));
});
test("needs new, and has a length of 0", () => {
  throws("TypeError", () => DOMException("x"));
  equal([DOMException.length, DOMException.name], [0, "DOMException"]);
});
const CONSTANTS = [
  "INDEX_SIZE_ERR",
  "DOMSTRING_SIZE_ERR",
  "HIERARCHY_REQUEST_ERR",
  "WRONG_DOCUMENT_ERR",
  "INVALID_CHARACTER_ERR",
  "NO_DATA_ALLOWED_ERR",
  "NO_MODIFICATION_ALLOWED_ERR",
  "NOT_FOUND_ERR",
  "NOT_SUPPORTED_ERR",
  "INUSE_ATTRIBUTE_ERR",
  "INVALID_STATE_ERR",
  "SYNTAX_ERR",
  "INVALID_MODIFICATION_ERR",
  "NAMESPACE_ERR",
  "INVALID_ACCESS_ERR",
  "VALIDATION_ERR",
  "TYPE_MISMATCH_ERR",
  "SECURITY_ERR",
  "NETWORK_ERR",
  "ABORT_ERR",
  "URL_MISMATCH_ERR",
  "QUOTA_EXCEEDED_ERR",
  "TIMEOUT_ERR",
  "INVALID_NODE_TYPE_ERR",
  "DATA_CLONE_ERR",
];
test("has 25 constants, on the class and on instances, that cannot be changed", () => {
  equal(
    CONSTANTS.map((name) => DOMException[name]),
    CONSTANTS.map((_, index) => index + 1),
  );
  equal(
    CONSTANTS.map((name) => new DOMException()[name]),
    CONSTANTS.map((_, index) => index + 1),
  );
  const found = Object.getOwnPropertyDescriptor(DOMException, "ABORT_ERR");
  equal([found.writable, found.enumerable, found.configurable], [false, true, false]);
});
test("classes may extend it", () => {
  class Mine extends DOMException {
    get extra() {
      return 1;
    }
  }
  const error = new Mine("told", "DataError");
  equal([error.name, error.extra, error instanceof DOMException], ["DataError", 1, true]);
});
