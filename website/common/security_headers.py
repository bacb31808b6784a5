"""Headers that every answer carries and Django does not send by itself."""

from django.middleware.gzip import GZipMiddleware

# What a page of ours never needs, whatever is smuggled into it.
PERMISSIONS_POLICY = (
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
)


class SecurityHeadersMiddleware:
    """Middleware: no device of the reader's, and no use of our answers by other sites."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class CompressionMiddleware(GZipMiddleware):
    """Answers travel packed; files do not, or they would lose their length and could not be fetched in parts."""

    def process_response(self, request, response):
        return response if response.streaming else super().process_response(request, response)
