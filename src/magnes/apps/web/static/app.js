/* Small helps over pages that work without script. */
"use strict";

/* After a form came back with problems, bring them to who cannot see them. */
for (const summary of document.querySelectorAll(".wrong-summary")) summary.focus();
