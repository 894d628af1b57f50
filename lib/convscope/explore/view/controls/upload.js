// A picture of the learner's own: chosen, dropped or pasted. Its size is read from the file's first bytes before
// anything is decoded, so that a broken or an enormous file is refused in a sentence; then it is scaled down.
import { h } from "../dom.js";
import { plane } from "../twin/ops.js";
import { Refusal } from "../twin/words.js";

const MOST_PIXELS = 50e6; // pixels that are decoded
export const LARGEST_SIDE = 256; // pixels that are kept; larger messages do not arrive everywhere
const HEAD = 2 ** 18; // bytes in which a header must be found
const TYPES = "PNG, JPEG, WebP or GIF";

// picture: where files may be dropped. take(planes), refuse(sentence). largest: pixels a side. Gives the button that asks
// for a file.
export function upload(picture, { take, refuse, ends, largest }) {
  const read = async (file) => {
    if (!file) return;
    refuse("");
    try {
      take(await planes_of(file, largest));
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw problem;
      refuse(problem.message);
    }
  };
  const input = h("input", {
    type: "file", accept: "image/*", "aria-label": "a picture of your own",
    onchange: () => {
      read(input.files[0]);
      input.value = ""; // so that the same file can be chosen again
    },
  });
  drop_zone(picture.frame, read);
  const paste = (event) => {
    const [file] = event.clipboardData?.files ?? [];
    if (!file || !picture.frame.matches(":hover, :focus-within")) return;
    event.preventDefault();
    event.stopPropagation();
    read(file);
  };
  document.addEventListener("paste", paste, true);
  ends.push(() => document.removeEventListener("paste", paste, true));
  return h("label", { class: "file", title: "a picture of your own: choose, drop or paste it" }, h("span", { "aria-hidden": "true" }, "+"), input);
}

function drop_zone(frame, read) {
  const over = (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    event.stopPropagation();
    frame.classList.toggle("over", event.type === "dragover");
    if (event.type === "drop") read(event.dataTransfer.files[0]);
  };
  for (const type of ["dragover", "dragleave", "drop"]) frame.addEventListener(type, over);
}

// The picture as planes from 0 to 1: one where it is grey, else red, green and blue.
async function planes_of(file, largest) {
  const size = stated_size(new DataView(await file.slice(0, HEAD).arrayBuffer()));
  if (!size) throw new Refusal(`${shown(file)} is no ${TYPES} picture; choose one that is.`);
  const [columns, rows] = size;
  if (rows * columns > MOST_PIXELS) {
    throw new Refusal(`${shown(file)} has ${Math.round((rows * columns) / 1e6)} megapixels; choose one of at most 50.`);
  }
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new Refusal(`${shown(file)} is broken: the browser cannot read it. Choose another picture.`);
  });
  return separated(scaled(bitmap, largest));
}

function scaled(bitmap, largest) {
  const scale = Math.min(1, largest / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale)));
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d");
  Object.assign(pen, { imageSmoothingQuality: "high", fillStyle: "#fff" }); // what is transparent is paper
  pen.fillRect(0, 0, width, height);
  pen.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return pen.getImageData(0, 0, width, height);
}

function separated({ width, height, data }) {
  const channels = [0, 1, 2].map((c) => Float32Array.from({ length: width * height }, (_, i) => data[4 * i + c] / 255));
  const is_grey = channels[0].every((red, i) => red === channels[1][i] && red === channels[2][i]);
  return (is_grey ? channels.slice(0, 1) : channels).map((channel) => plane(height, width, channel));
}

const shown = (file) => (file.name.length > 40 ? `${file.name.slice(0, 40)}…` : file.name) || "This";

// [columns, rows] as the header of a PNG, GIF, WebP or JPEG file states them; null for anything else.
function stated_size(bytes) {
  const word = (at, length) => String.fromCharCode(...Array.from({ length }, (_, i) => bytes.getUint8(at + i)));
  try {
    if (word(1, 3) === "PNG") return [bytes.getUint32(16), bytes.getUint32(20)];
    if (word(0, 3) === "GIF") return [bytes.getUint16(6, true), bytes.getUint16(8, true)];
    if (word(0, 4) === "RIFF" && word(8, 4) === "WEBP") return webp_size(bytes, word(12, 4));
    return bytes.getUint16(0) === 0xffd8 ? jpeg_size(bytes) : null;
  } catch (problem) {
    if (problem instanceof RangeError) return null; // the file ends before its header does
    throw problem;
  }
}

function webp_size(bytes, kind) {
  const three = (at) => bytes.getUint16(at, true) + (bytes.getUint8(at + 2) << 16);
  if (kind === "VP8X") return [three(24) + 1, three(27) + 1];
  if (kind === "VP8 ") return [bytes.getUint16(26, true) & 0x3fff, bytes.getUint16(28, true) & 0x3fff];
  const bits = bytes.getUint32(21, true); // VP8L: 14 bits each
  return [(bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1];
}

function jpeg_size(bytes) {
  for (let at = 2; bytes.getUint8(at) === 0xff; at += 2 + bytes.getUint16(at + 2)) {
    const marker = bytes.getUint8(at + 1);
    const is_frame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (is_frame) return [bytes.getUint16(at + 7), bytes.getUint16(at + 5)];
  }
  return null;
}
