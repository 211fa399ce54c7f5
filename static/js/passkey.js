// A passkey that was refused, cancelled or not found: say so beside the button instead of in the console.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const note of document.querySelectorAll("[data-pg-passkey-failed]")) note.hidden = false;
});
