// Wakes what is alive on a page when it comes near. On the page of explorers the link says which one, and how. What
// scrolls sideways is reached by keys.
import { follow_link } from "./link.js";
import { wake } from "./wake.js";

const NEAR = "500px"; // below or above what is seen

const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    wake(target).catch((error) => console.error(error)); // the still picture stays
  }
}, { rootMargin: NEAR });

if (document.querySelector(".alone")) follow_link();
else for (const figure of document.querySelectorAll(".live")) near.observe(figure);

const wide = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const each of document.querySelectorAll("pre, table.bars")) wide.observe(each);
