// What numbers look like. A scale is [kind, low, high]: grey from low to high, ink on the theme's paper, or signed about 0.
import PALETTE from "./palette.json" with { type: "json" };
import { range } from "../twin/ops.js";

const STRENGTH = PALETTE.strength; // |v| to this power: small answers stay visible beside the border's large ones
const STEPS = 512;
export const ROUNDING = 1e-6; // of the largest sum that there could be: what is smaller is no answer but rounding

// The palette as the page has it now: read anew for each drawing, since the host's theme may change.
export function tokens(node) {
  const theme = node.classList.contains("dark") ? "dark" : "light";
  return { ...PALETTE[theme], theme, ground: getComputedStyle(node).getPropertyValue("--ground").trim() };
}

// The palette as variables of the style sheet. The ground is the host's, where it says what that is.
export function show_palette(node, theme) {
  for (const [name, colour] of Object.entries(PALETTE[theme])) {
    if (typeof colour === "string") node.style.setProperty(`--${name}`, name === "ground" ? `var(--jp-layout-color0, ${colour})` : colour);
  }
}

export function css(value, scale, theme) {
  return hex(shades(scale[0], theme)[step(value, scale)]);
}

// Black or white, whichever can be read more easily on the colour of a value.
export function ink_on(value, scale, theme) {
  return luminance(shades(scale[0], theme)[step(value, scale)]) > 0.179 ? "#000000" : "#ffffff";
}

// A cell that holds a number, 0 to 1, of red, green or blue is drawn in that colour.
export function tinted_cell(cell, channel, value) {
  const level = Math.round(Math.min(Math.max(value, 0), 1) * 255), colour = packed(...[0, 1, 2].map((each) => (each === channel ? level : 0)));
  cell.style.backgroundColor = hex(colour);
  cell.style.color = luminance(colour) > 0.179 ? "#000000" : "#ffffff";
}

export function gradient(scale, theme) {
  const all = shades(scale[0], theme);
  const stops = Array.from({ length: 17 }, (_, i) => hex(all[Math.round((i / 16) * (STEPS - 1))]));
  return `linear-gradient(90deg, ${stops.join(", ")})`;
}

// A plane's pixels as RGBA, 32 bits each; of three planes from 0 to 1, in colour.
export function pixels(planes, scale, theme) {
  const [{ rows, columns, data }] = planes;
  const image = new ImageData(columns, rows), out = new Uint32Array(image.data.buffer);
  if (planes.length === 3) {
    const [red, green, blue] = planes.map((each) => each.data);
    const byte = (value) => Math.round(Math.min(Math.max(value, 0), 1) * 255);
    for (let i = 0; i < out.length; i++) out[i] = packed(byte(red[i]), byte(green[i]), byte(blue[i]));
  } else {
    const all = shades(scale[0], theme);
    for (let i = 0; i < out.length; i++) out[i] = all[step(data[i], scale)];
  }
  return image;
}

// From 0, or below, to the brightest.
/** @returns {[string, number, number]} */
export function grey_scale(planes) {
  const [low, high] = range(planes);
  return ["grey", Math.min(low, 0), high > Math.min(low, 0) ? high : Math.min(low, 0) + 1];
}

// Equal weights get the middle tone, a kernel with a peak its full one.
/** @returns {[string, number, number]} */
export function weight_scale(weights) {
  const sizes = weights.map(Math.abs);
  const most = Math.max(...sizes, (2 * sizes.reduce((a, b) => a + b, 0)) / sizes.length) || 1;
  return ["signed", -most, most];
}

// Of maps that weights make of a picture: what weights that cancel out make has a sign, and so has what a picture with
// signs becomes; the rest is grey, on the picture's greys if it fits them.
/** @returns {[string, number, number]} */
export function map_scale(maps, weights, picture_scale) {
  const [low, high] = range(maps), most = Math.max(-low, high), [kind, darkest, brightest] = picture_scale;
  const sizes = weights.reduce((sum, weight) => sum + Math.abs(weight), 0);
  const cancels = Math.abs(weights.reduce((sum, weight) => sum + weight, 0)) < 0.05 * sizes;
  const largest = sizes * Math.max(Math.abs(darkest), Math.abs(brightest));
  if (most <= ROUNDING * largest) return ["signed", -(largest || 1), largest || 1];
  if (low < -ROUNDING * largest && (kind === "signed" || cancels)) return ["signed", -most, most];
  return kind === "grey" && low >= darkest && high <= brightest ? picture_scale : ["grey", Math.min(low, 0), Math.max(high, 0)];
}

// Signs in colours, if there are any; else from 0 to the brightest.
/** @returns {[string, number, number]} */
export function signed_scale(planes) {
  const [low, high] = range(planes), most = Math.max(-low, high) || 1;
  return low < 0 ? ["signed", -most, most] : ["grey", 0, most];
}

const tables = new Map();
function shades(kind, theme) {
  const key = kind === "grey" ? kind : `${kind} ${theme}`, { ground, ink, signed: stops } = PALETTE[theme];
  if (!tables.has(key)) tables.set(key, kind === "grey" ? between("#000000", "#ffffff") : kind === "ink" ? between(ground, ink) : signed(stops.map(channels_of)));
  return tables.get(key);
}

function between(low, high) {
  const [from, to] = [low, high].map(channels_of);
  return Uint32Array.from({ length: STEPS }, (_, i) => packed(...from.map((part, c) => Math.round(part + (to[c] - part) * (i / (STEPS - 1))))));
}

function signed(stops) {
  return Uint32Array.from({ length: STEPS }, (_, i) => {
    const t = (2 * i) / (STEPS - 1) - 1; // −1 … 1
    const at = ((Math.sign(t) * Math.abs(t) ** STRENGTH + 1) / 2) * (stops.length - 1);
    const before = Math.min(Math.floor(at), stops.length - 2);
    return packed(...stops[before].map((from, part) => Math.round(from + (stops[before + 1][part] - from) * (at - before))));
  });
}

function step(value, [, low, high]) {
  return Math.min(Math.max(Math.round(((value - low) / (high - low)) * (STEPS - 1)), 0), STEPS - 1);
}

const channels_of = (text) => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));
const packed = (red, green, blue) => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
const unpacked = (colour) => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255];
const hex = (colour) => `rgb(${unpacked(colour).join(", ")})`;

function luminance(colour) {
  const [red, green, blue] = unpacked(colour).map((part) => (part <= 10 ? part / 3295 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
