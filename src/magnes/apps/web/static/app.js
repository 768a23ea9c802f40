/* Small helps over pages that work without script. */
"use strict";

/* After a form came back with problems, bring them to who cannot see them. */
for (const summary of document.querySelectorAll(".wrong-summary")) summary.focus();

/* A row that saves itself says so when it could not: what was typed stands only on this screen then. */
for (const failure of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(failure, (event) => {
    const form = event.target.closest("form[data-failed]");
    if (form) form.querySelector(".state").textContent = form.dataset.failed;
  });
}
