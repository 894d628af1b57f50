// What browsers give the explorers' modules, and what those should not do.
const globals = `
  CSSStyleSheet Event Image ImageData MutationObserver ResizeObserver TextDecoder XMLSerializer atob btoa cancelAnimationFrame
  clearTimeout createImageBitmap crypto devicePixelRatio document getComputedStyle getSelection matchMedia navigator
  performance requestAnimationFrame setTimeout window
`;

export default [
  { ignores: [".venv/"] },
  {
    files: ["lib/convscope/explore/**/*.js"],
    languageOptions: { globals: Object.fromEntries(globals.trim().split(/\s+/).map((name) => [name, "readonly"])) },
    rules: { "no-shadow": "error", "no-undef": "error", "no-unused-vars": "error" },
  },
];
