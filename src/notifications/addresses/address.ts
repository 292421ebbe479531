/** As browsers check `type=email` (HTML, section 4.10.5.1.5): no white space, no line break, no quoted part, no comment. */
const ADDRESS =
  /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/i;
/** RFC 5321, section 4.5.3.1.3, without its brackets. */
const MOST_ADDRESS = 254;

/** With its domain in lower case; `undefined` when it is no address, or one that could be read as more than one (CWE-93). */
export const normalAddress = (text: string): string | undefined => {
  if (text.length > MOST_ADDRESS || !ADDRESS.test(text)) return undefined;
  const at = text.lastIndexOf("@");
  return text.slice(0, at) + text.slice(at).toLowerCase();
};
