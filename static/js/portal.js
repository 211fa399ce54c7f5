// Small comforts on top of pages that work without them. No inline script, no library needed.
"use strict";

// The summary of problems takes the focus, so that a screen reader starts there.
document.querySelector("[data-pg-focus]")?.focus();
