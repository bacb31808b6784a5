/* Marks the page as running scripts before the browser draws it. Pages are complete without scripts too. */
document.body.className += " js-enabled" + ("noModule" in HTMLScriptElement.prototype ? " govuk-frontend-supported" : "");
