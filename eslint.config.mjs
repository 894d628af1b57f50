// What browsers give the explorers' modules, and what those should not do.
const globals = `
  CSSStyleSheet CustomEvent Event Image ImageData MutationObserver ResizeObserver TextDecoder XMLSerializer atob btoa cancelAnimationFrame
  clearTimeout createImageBitmap crypto devicePixelRatio document getComputedStyle getSelection matchMedia navigator
  performance queueMicrotask requestAnimationFrame setTimeout window
`;

const of_the_site = "DataView IntersectionObserver URL URLSearchParams addEventListener console fetch history location";
const known = (names) => ({ globals: Object.fromEntries(names.trim().split(/\s+/).map((name) => [name, "readonly"])) });
const rules = { "no-shadow": "error", "no-undef": "error", "no-unused-vars": "error" };

export default [
  { ignores: [".venv*/", "build/"] },
  { files: ["lib/convscope/explore/**/*.js"], languageOptions: known(globals), rules },
  { files: ["site/static/*.js"], languageOptions: known(globals + of_the_site), rules },
];
