"""The one settings file. Each value comes from an environment variable or has a safe default.

In production (`GUICHET_ENV=production`) a missing secret, host or database stops the program.
"""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

ENVIRONMENT_NAMES = ("development", "production")


def text_from_env(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def list_from_env(name: str) -> list[str]:
    return [item.strip() for item in text_from_env(name).split(",") if item.strip()]


def flag_from_env(name: str, *, default: bool) -> bool:
    value = text_from_env(name, "1" if default else "0").lower()
    if value not in {"0", "1", "true", "false", "yes", "no"}:
        raise ImproperlyConfigured(f"{name} doit valoir 0 ou 1 (reçu : {value!r}).")
    return value in {"1", "true", "yes"}


def number_from_env(name: str, default: int, *, least: int, most: int) -> int:
    value = text_from_env(name) or str(default)
    if not value.isdecimal() or not least <= int(value) <= most:
        raise ImproperlyConfigured(
            f"{name} doit valoir un nombre entier de {least} à {most} (reçu : {value!r})."
        )
    return int(value)


def required_in_production(name: str, development_value: str) -> str:
    value = text_from_env(name)
    if value:
        return value
    if PRODUCTION:
        raise ImproperlyConfigured(f"{name} est obligatoire en production.")
    return development_value


def database_from_url(url: str) -> dict[str, Any]:
    """Django's description of `postgresql://user:password@host:port/name?host=/socket`."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            "GUICHET_DATABASE_URL doit commencer par postgresql:// (PostgreSQL 15 ou plus récent)."
        )
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    query.setdefault("connect_timeout", "10")
    # Compiling a query takes ten times longer than any of ours lasts.
    query.setdefault("options", "-c jit=off")
    host = query.pop("host", "") or unquote(parts.hostname or "")
    port = query.pop("port", "") or str(parts.port or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
        "TEST": {"NAME": text_from_env("GUICHET_TEST_DATABASE") or None},
    }


def secret_kept_in(home: Path) -> str:
    """The development secret, made once so that sessions survive a restart."""
    path = home / "secret_key"
    try:
        if not path.exists():
            home.mkdir(parents=True, exist_ok=True)
            kept = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(kept, "w") as file:
                file.write(secrets.token_urlsafe(50))
        return path.read_text()
    except (FileExistsError, PermissionError, OSError):
        return path.read_text() if os.access(path, os.R_OK) else secrets.token_urlsafe(50)


ENVIRONMENT = text_from_env("GUICHET_ENV", "development")
if ENVIRONMENT not in ENVIRONMENT_NAMES:
    raise ImproperlyConfigured(f"GUICHET_ENV doit valoir {' ou '.join(ENVIRONMENT_NAMES)}.")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = False

HOME = Path(text_from_env("GUICHET_HOME", "var")).resolve()
LAKE = Path(text_from_env("GUICHET_LAKE") or HOME / "lake").resolve()
SHARED_DATA = (
    Path(text_from_env("GUICHET_SHARED_DATA")).resolve()
    if text_from_env("GUICHET_SHARED_DATA")
    else None
)

# --- What was taken back, kept outside the database (docs/howto/backup.md) ---
ERASURES = Path(text_from_env("GUICHET_ERASURES") or HOME / "erasures").resolve()
BACKUPS_KEPT_DAYS = number_from_env("GUICHET_BACKUPS_KEPT_DAYS", 365, least=1, most=3650)
if LAKE in (ERASURES, *ERASURES.parents):
    raise ImproperlyConfigured(
        "GUICHET_ERASURES ne doit pas être dans le dossier des lots (GUICHET_LAKE), qu'une "
        "restauration remplace."
    )
# --- end of what was taken back ---

# --- What sums observations (docs/howto/spark.md) ---
ENGINE = text_from_env("GUICHET_ENGINE", "duckdb")
if ENGINE not in {"duckdb", "spark"}:
    raise ImproperlyConfigured("GUICHET_ENGINE doit valoir duckdb ou spark.")
ENGINE_MEMORY = text_from_env("GUICHET_ENGINE_MEMORY", "4GB")
ENGINE_THREADS = number_from_env("GUICHET_ENGINE_THREADS", 0, least=0, most=1024)
SPARK_MASTER = text_from_env("GUICHET_SPARK_MASTER", "local[*]")
# --- end of what sums ---

PACKAGE = Path(__file__).resolve().parent

SECRET_KEY = text_from_env("GUICHET_SECRET_KEY")
if not SECRET_KEY:
    SECRET_KEY = required_in_production("GUICHET_SECRET_KEY", "") or secret_kept_in(HOME)

PUBLIC_URL = required_in_production("GUICHET_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = list_from_env("GUICHET_ALLOWED_HOSTS") or [
    urlsplit(PUBLIC_URL).hostname or "localhost"
] + ([] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "guichet.web",
    "guichet.publication",
    "guichet.experiences",
    "guichet.moderation",
    "guichet.orientation",
    "guichet.indicators",
    "guichet.directory",
    "guichet.territories",
    "guichet.accounts",
    "guichet.ui",
    "guichet.core",
    "dsfr",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "corsheaders",
    "django_ltree",
    "procrastinate.contrib.django",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "guichet.core.middleware.RequestLogMiddleware",
    "guichet.core.middleware.ContentSecurityPolicyMiddleware",
    "guichet.core.middleware.PrivatePagesMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "guichet.core.middleware.NotAllowedMiddleware",
    "guichet.core.middleware.RequestSizeMiddleware",  # its page knows who is signed in
]

ROOT_URLCONF = "guichet.urls"
WSGI_APPLICATION = "guichet.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "ui" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["guichet.ui.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "guichet.ui.context.site",
                "guichet.web.context.menus",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {
    "default": database_from_url(
        required_in_production("GUICHET_DATABASE_URL", "postgresql:///guichet")
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_FINDERS = ["guichet.ui.finders.UsedFilesFinder"]
STATIC_FILES_ARE_COLLECTED = (
    STATIC_ROOT / "staticfiles.json"
).exists() or "collectstatic" in sys.argv[1:2]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "guichet.ui.storage.HashedStaticFilesStorage"
        if STATIC_FILES_ARE_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not STATIC_FILES_ARE_COLLECTED
WHITENOISE_MAX_AGE = 3600 if STATIC_FILES_ARE_COLLECTED else 0

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/agents/"
LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
if PRODUCTION:
    SECURE_SSL_REDIRECT = flag_from_env("GUICHET_HTTPS_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]

# --- Signing in (docs/howto/accounts.md) ---
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "guichet.accounts.proconnect.backend.ProConnectBackend",
]
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "guichet_shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # Counters of what is only read (core/limits.py): the database is not written for that.
    "process": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(
    text_from_env("GUICHET_TRUSTED_PROXIES", "1" if PRODUCTION else "0")
)
ACCOUNT_ADAPTER = "guichet.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 5 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "request_login_code": "60/m/ip,3/5m/key,10/h/key,30/d/key",
    "login_failed": "30/m/ip,5/5m/key",
    "reauthenticate": "10/m/user",
}
ACCOUNT_FORMS = {
    "login": "guichet.accounts.forms.LoginForm",
    "confirm_login_code": "guichet.accounts.forms.ConfirmCodeForm",
}
MFA_ADAPTER = "guichet.accounts.adapters.AuthenticatorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
MFA_FORMS = {
    "authenticate": "guichet.accounts.forms.SecondFactorForm",
    "reauthenticate": "guichet.accounts.forms.ReauthenticateForm",
    "activate_totp": "guichet.accounts.forms.ActivateApplicationForm",
    "add_webauthn": "guichet.accounts.forms.AddPasskeyForm",
    "login_webauthn": "guichet.accounts.forms.PasskeyLoginForm",
    "authenticate_webauthn": "guichet.accounts.forms.SecondFactorKeyForm",
    "reauthenticate_webauthn": "guichet.accounts.forms.ReauthenticateKeyForm",
    "edit_webauthn": "guichet.accounts.forms.RenamePasskeyForm",
}
ACCESS_CONTACT = text_from_env("GUICHET_ACCESS_CONTACT", "la personne qui administre la plateforme")

# --- ProConnect, when GUICHET_PROCONNECT_ISSUER is set (docs/howto/proconnect.md) ---
PROCONNECT_ISSUER = text_from_env("GUICHET_PROCONNECT_ISSUER")
PROCONNECT_CLIENT_ID = text_from_env("GUICHET_PROCONNECT_CLIENT_ID")
PROCONNECT_CLIENT_SECRET = text_from_env("GUICHET_PROCONNECT_CLIENT_SECRET")
PROCONNECT_SCOPES = text_from_env("GUICHET_PROCONNECT_SCOPES", "openid given_name usual_name email")
PROCONNECT_ALGORITHM = text_from_env("GUICHET_PROCONNECT_ALGORITHM", "RS256")
PROCONNECT_ACR = list_from_env("GUICHET_PROCONNECT_ACR")
PROCONNECT_PKCE = flag_from_env("GUICHET_PROCONNECT_PKCE", default=False)
PROCONNECT_ENDPOINTS = {
    name: text_from_env(f"GUICHET_PROCONNECT_{name.upper()}")
    for name in (
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
        "end_session_endpoint",
    )
}
if PROCONNECT_ISSUER and not (PROCONNECT_CLIENT_ID and PROCONNECT_CLIENT_SECRET):
    raise ImproperlyConfigured(
        "GUICHET_PROCONNECT_ISSUER demande aussi GUICHET_PROCONNECT_CLIENT_ID et "
        "GUICHET_PROCONNECT_CLIENT_SECRET."
    )
if PROCONNECT_ALGORITHM not in {"RS256", "ES256"}:
    raise ImproperlyConfigured("GUICHET_PROCONNECT_ALGORITHM doit valoir RS256 ou ES256.")
# --- end of signing in ---

CORS_ALLOW_ALL_ORIGINS = True
CORS_URLS_REGEX = r"^/api/v1/.*$"
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_EXPOSE_HEADERS = ["ETag"]

ROUTE_URL = text_from_env("GUICHET_ROUTE_URL").rstrip("/")
LOAD_SHIPPED_PROCEDURES = flag_from_env("GUICHET_LOAD_PROCEDURES", default=True)

# --- Text messages, when GUICHET_SMS_URL is set (docs/howto/handovers.md) ---
SMS_URL = text_from_env("GUICHET_SMS_URL")
SMS_TOKEN = text_from_env("GUICHET_SMS_TOKEN")
SMS_SENDER = text_from_env("GUICHET_SMS_SENDER")
if SMS_URL and not SMS_URL.startswith(("https://", "http://")):
    raise ImproperlyConfigured("GUICHET_SMS_URL doit commencer par https:// ou http://.")
if SMS_URL and not (SMS_TOKEN and SMS_SENDER):
    raise ImproperlyConfigured(
        "GUICHET_SMS_URL demande aussi GUICHET_SMS_TOKEN et GUICHET_SMS_SENDER."
    )
# --- end of text messages ---

MODERATION_HOURS = number_from_env("GUICHET_MODERATION_HOURS", 48, least=1, most=8760)
MODERATION_DANGER_MINUTES = number_from_env(
    "GUICHET_MODERATION_DANGER_MINUTES", 60, least=1, most=10_080
)
MODERATION_ALERT_MAILS = number_from_env("GUICHET_MODERATION_ALERT_MAILS", 20, least=1, most=1000)

INSTITUTION = text_from_env("GUICHET_INSTITUTION", "Guichet Ouvert")
TAGLINE = text_from_env(
    "GUICHET_TAGLINE", "Trouver, joindre et améliorer les services publics près de chez vous"
)
MINISTRY_LINES = list_from_env("GUICHET_MINISTRY") or ["Service de", "démonstration"]
DEMONSTRATION = flag_from_env("GUICHET_DEMO", default=False)

MAIL_FOLDER = HOME / "courrier"
FILE_MAIL_BACKEND = "guichet.core.mail.FileBackend"
MAIL_DELIVERY_BACKEND = text_from_env("GUICHET_MAIL_BACKEND") or (
    "django.core.mail.backends.smtp.EmailBackend"
    if required_in_production("GUICHET_SMTP_HOST", "")
    else FILE_MAIL_BACKEND
)
DEMO_MAIL_FOR_ALL = flag_from_env("GUICHET_DEMO_MAIL_FOR_ALL", default=False)
EMAIL_BACKEND = "guichet.core.mail.OutboxBackend"
EMAIL_HOST = text_from_env("GUICHET_SMTP_HOST", "localhost")
EMAIL_PORT = number_from_env("GUICHET_SMTP_PORT", 25, least=1, most=65_535)
EMAIL_HOST_USER = text_from_env("GUICHET_SMTP_USER")
EMAIL_HOST_PASSWORD = text_from_env("GUICHET_SMTP_PASSWORD")
EMAIL_USE_TLS = flag_from_env("GUICHET_SMTP_TLS", default=False)
EMAIL_USE_SSL = flag_from_env("GUICHET_SMTP_SSL", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = text_from_env("GUICHET_MAIL_FROM", "ne-pas-repondre@guichet.example")

PROCRASTINATE_ON_APP_READY = "guichet.core.jobs.prepare"
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 26 * 3600}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
LARGEST_REQUEST_BYTES = 25_500_000
TOO_LARGE_VIEW = "guichet.web.problems.too_large"
NOT_ALLOWED_VIEW = "guichet.web.views.errors.not_allowed"
SESSION_ENDED_VIEW = "guichet.web.views.errors.session_ended"
CSRF_FAILURE_VIEW = "guichet.web.views.errors.form_expired"
BATCH_LIMIT_MB = number_from_env("GUICHET_BATCH_LIMIT_MB", 1024, least=1, most=1_000_000)
BATCH_READING_MB = number_from_env("GUICHET_BATCH_READING_MB", 1500, least=100, most=1_000_000)
BATCH_READING_SECONDS = number_from_env("GUICHET_BATCH_READING_SECONDS", 600, least=1, most=86_400)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"keyed": {"()": "guichet.core.logs.KeyValueFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "keyed"}},
    "root": {"handlers": ["console"], "level": text_from_env("GUICHET_LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "procrastinate": {"level": "WARNING"},
    },
}
# django_ltree asks for PostgreSQL 16 only for labels with hyphens; ours are primary keys.
SILENCED_SYSTEM_CHECKS = ["security.W003", "django_ltree.E001"]
