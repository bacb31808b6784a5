/* Tells the style sheet, before anything is drawn, that scripts run here; without it every page is whole all the same. */
document.body.className += " js-enabled" + ("noModule" in HTMLScriptElement.prototype ? " govuk-frontend-supported" : "");
