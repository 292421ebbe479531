import { scenario } from "./scenario.ts";

const BYTES = 1_000_000;
const body = Uint8Array.from({ length: BYTES }, (_, at) => (at * 31) & 255);
const MIDDLE = BYTES / 2;

const SOURCE = `export default async (request) => {
  const bytes = new Uint8Array(await request.arrayBuffer());
  bytes[0] = bytes[bytes.length - 1] = 7;
  return { headers: { "content-type": "application/octet-stream" }, body: bytes };
};
`;

export const largeBody = scenario({
  name: "large_body",
  about: "1 MB of bytes in, changed, 1 MB out",
  source: SOURCE,
  hit: () => ({
    method: "POST",
    url: "https://perf.example.com/upload",
    headers: [["content-type", "application/octet-stream"]],
    body,
  }),
  isRight: ({ ending, status, body: answer }) =>
    ending === "returned" &&
    status === 200 &&
    answer.length === BYTES &&
    answer[0] === 7 &&
    answer[BYTES - 1] === 7 &&
    answer[MIDDLE] === body[MIDDLE],
  peers: true,
});
