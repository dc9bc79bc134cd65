// Checks, in the reader's own browser, the signature that stands behind '#' in the address of a certificate.
// The server never sees that part. The message is COSE_Sign1 (RFC 9052) with ES256; the external data of the
// signature is the whole address up to and including '#', so that a true code behind another address fails.

const SIGN1 = 18;
const KID = 4;
const NUMBER = 11;

/** Reads one CBOR item (RFC 8949) of the few kinds that a certificate holds. */
class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  take(length) {
    if (this.at + length > this.bytes.length) throw new Error("cut off");
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  length(information) {
    if (information < 24) return information;
    if (information > 26) throw new Error("not one of ours");
    return this.take(1 << (information - 24)).reduce((sum, byte) => sum * 256 + byte, 0);
  }

  item() {
    const head = this.take(1)[0];
    const value = this.length(head & 31);
    switch (head >> 5) {
      case 0: return value;
      case 1: return -1 - value;
      case 2: return this.take(value);
      case 3: return new TextDecoder("utf-8", { fatal: true }).decode(this.take(value));
      case 4: return Array.from({ length: value }, () => this.item());
      case 5: return new Map(Array.from({ length: value }, () => [this.item(), this.item()]));
      case 6: return { tag: value, value: this.item() };
      default: throw new Error("not one of ours");
    }
  }
}

function read(bytes) {
  const reader = new Reader(bytes);
  const item = reader.item();
  if (reader.at !== bytes.length) throw new Error("trailing bytes");
  return item;
}

function fromBase64url(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const again = btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  if (again !== text) throw new Error("a second spelling");
  return bytes;
}

function bytesItem(bytes) {
  const length = bytes.length;
  const head = length < 24 ? [0x40 | length] : length < 256 ? [0x58, length] : [0x59, length >> 8, length & 255];
  return [...head, ...bytes];
}

/** Sig_structure of RFC 9052 section 4.4: ["Signature1", protected, external data, payload]. */
function toBeSigned(protectedHeader, prefix, payload) {
  const utf8 = new TextEncoder();
  const context = utf8.encode("Signature1");
  const parts = [bytesItem(protectedHeader), bytesItem(utf8.encode(prefix)), bytesItem(payload)];
  return new Uint8Array([0x84, 0x60 | context.length, ...context, ...parts.flat()]);
}

function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Returns "match", "altered" or "other" for the signed text, against what the page says of its certificate. */
export async function judge(signed, expected) {
  let parts, kid, claims;
  try {
    const message = read(fromBase64url(signed));
    if (message.tag !== SIGN1 || message.value.length !== 4) return "altered";
    parts = message.value;
    kid = hex(read(parts[0]).get(KID));
    claims = read(parts[2]);
  } catch {
    return "altered";
  }
  const key = expected.keys.find((each) => each.kid === kid);
  if (!key) return "altered";
  if (claims.get(NUMBER) !== expected.number) return "other";
  const { kty, crv, x, y } = key;
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const imported = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, algorithm, false, ["verify"]);
  const data = toBeSigned(parts[0], expected.prefix, parts[2]);
  const holds = await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, imported, parts[3], data);
  return holds ? "match" : "altered";
}

async function show(place) {
  const signed = location.hash.slice(1);
  if (!signed) return;
  place.hidden = false;
  const expected = JSON.parse(place.dataset.check);
  const outcome = globalThis.crypto?.subtle ? await judge(signed, expected) : "unable";
  const isBad = outcome === "altered" || outcome === "other";
  place.className = isBad ? "bad" : outcome === "match" ? "" : "pending";
  place.querySelector("b").textContent = { match: "✓", unable: "→" }[outcome] ?? "✕";
  place.querySelector("[role=status]").textContent = place.dataset[outcome];
  if (isBad) contradict(place.dataset[`${outcome}Line`], place.dataset[outcome]);
}

/** The certificate on record may be valid; the paper in hand is not it. That goes to the top of the page. */
function contradict(line, advice) {
  document.getElementById("sheet").className = "panel sheet stop contradicted";
  document.getElementById("verdict").textContent = line;
  document.getElementById("advice").textContent = advice;
  document.title = line;
}

const place = document.getElementById("local-check");
if (place) {
  show(place);
  addEventListener("hashchange", () => show(place));
}
