// A picture of the learner's own: its size is read from the file's first bytes before anything is decoded, so that
// a broken or enormous file is refused in a sentence; then the browser scales it, since large messages never arrive.

const LARGEST_UPLOAD = 50e6; // pixels
const LARGEST_SIDE = 256;
const PNG_START = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

// Rows and columns as a PNG or JPEG states them; null where the bytes are neither.
function statedSize(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (PNG_START.every((byte, i) => bytes[i] === byte) && bytes.length >= 24) {
    return { columns: view.getUint32(16), rows: view.getUint32(20) };
  }
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; at += 2 + view.getUint16(at + 2)) {
    const marker = bytes[at + 1];
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { columns: view.getUint16(at + 7), rows: view.getUint16(at + 5) };
  }
  return null;
}

// The picture as {rows, columns, pixels: RGBA bytes}, at most 256 a side. Throws an Error whose message is for people.
async function readPicture(file) {
  const size = statedSize(new Uint8Array(await file.arrayBuffer()));
  if (!size) throw new Error(`${file.name} is no PNG or JPEG picture; choose one that is.`);
  const megapixels = (size.rows * size.columns) / 1e6;
  if (size.rows * size.columns > LARGEST_UPLOAD) {
    throw new Error(`${file.name} has ${megapixels.toFixed(0)} megapixels; choose one of at most 50.`);
  }
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new Error(`${file.name} is broken: the browser cannot read it. Choose another picture.`);
  }
  const scale = Math.min(1, LARGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const [columns, rows] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale)));
  const canvas = new OffscreenCanvas(columns, rows);
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.fillStyle = "#fff"; // what is transparent is paper
  pen.fillRect(0, 0, columns, rows);
  pen.drawImage(bitmap, 0, 0, columns, rows);
  bitmap.close();
  return { rows, columns, pixels: pen.getImageData(0, 0, columns, rows).data };
}

// The button that asks for a picture. `send(request)` hands it to Python, `refuse(sentence)` says why not.
class Upload {
  constructor(parent, { send, refuse }) {
    Object.assign(this, { send, refuse });
    this.root = element("label", "convscope-control convscope-upload", parent, "Use a picture of your own …");
    this.input = element("input", "convscope-file", this.root);
    Object.assign(this.input, { type: "file", accept: "image/png,image/jpeg" });
    this.input.dataset.lmSuppressShortcuts = "true";
    this.input.addEventListener("change", () => this.take());
  }

  async take() {
    const [file] = this.input.files;
    this.input.value = ""; // so that the same file can be chosen again
    if (!file) return;
    this.refuse("");
    try {
      const { rows, columns, pixels } = await readPicture(file);
      this.send({ kind: "upload", rows, columns, pixels: new DataView(pixels.buffer) });
    } catch (problem) {
      this.refuse(problem.message);
    }
  }
}
