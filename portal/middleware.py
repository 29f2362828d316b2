"""The content security policy: what a page of the portal may load and run."""

import secrets

FRONT = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ]
)
# Wagtail's editor sets style attributes and shows pictures before they are uploaded (blob:).
ADMIN = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'nonce-{nonce}'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ]
)


class ContentSecurityPolicyMiddleware:
    """Strict on the portal; on the editors' desk inline scripts that the server itself rendered get a nonce.

    Wagtail renders two or three inline scripts a page (choosers, date pickers) without a nonce; they are marked here,
    in the HTML as it leaves. Scripts that get into a page later, by way of the DOM, still do not run.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if "Content-Security-Policy" in response:
            return response
        if request.path.startswith("/admin/"):
            nonce = secrets.token_urlsafe(16)
            if not response.streaming and response.get("Content-Type", "").startswith("text/html"):
                self._bless_scripts(response, nonce)
            response["Content-Security-Policy"] = ADMIN.format(nonce=nonce)
        else:
            response["Content-Security-Policy"] = FRONT
        return response

    @staticmethod
    def _bless_scripts(response, nonce: str) -> None:
        if b"<script>" not in response.content:
            return
        response.content = response.content.replace(b"<script>", f'<script nonce="{nonce}">'.encode())
        if "Content-Length" in response:
            response["Content-Length"] = str(len(response.content))
