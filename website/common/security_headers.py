"""Security headers that Django does not send, and compression."""

from django.middleware.gzip import GZipMiddleware

# No page needs these features; injected code must not get them either.
PERMISSIONS_POLICY = (
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
)


class SecurityHeadersMiddleware:
    """Middleware: deny access to the reader's devices, and embedding of responses by other sites."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class CompressionMiddleware(GZipMiddleware):
    """Compress responses except files: a compressed file has no length and cannot be fetched in parts."""

    def process_response(self, request, response):
        return response if response.streaming else super().process_response(request, response)
