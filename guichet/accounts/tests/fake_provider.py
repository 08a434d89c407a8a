"""A provider in memory that can lie: each claim, header and key may be forged."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

ISSUER = "https://idp.example/api/v2"
CLIENT, SECRET = "guichet", "a secret that is long enough for HMAC"


def make_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


PUBLISHED_KEY, OTHER_KEY = make_key(), make_key()


@dataclass
class FakeProvider:
    """What it says of the person, and how it lies; `without` drops claims."""

    email: str = "claire.martin@caf.example"
    subject: str = "subject-of-claire"
    nonce: str = ""
    identity: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    key: Any = PUBLISHED_KEY
    algorithm: str = "RS256"
    userinfo_type: str = "application/jwt; charset=utf-8"
    metadata: dict[str, Any] = field(default_factory=dict)
    token_status: int = 200
    down: bool = False
    asked: list[str] = field(default_factory=list)

    def base_claims(self) -> dict[str, Any]:
        now = int(time.time())
        return {"iss": ISSUER, "aud": CLIENT, "sub": self.subject, "iat": now, "exp": now + 60}

    def signed(self, claims: dict[str, Any]) -> str:
        kept = {name: value for name, value in claims.items() if name not in self.without}
        return jwt.encode(kept, self.key, algorithm=self.algorithm, headers={"kid": "one"})

    def get(self, url: str, **kwargs: Any) -> requests.Response:
        self.asked.append(url)
        if self.down:
            raise requests.ConnectionError("no route")
        if url.endswith("/.well-known/openid-configuration"):
            return answer(self.discovery())
        if url.endswith("/jwks"):
            public = json.loads(RSAAlgorithm.to_jwk(PUBLISHED_KEY.public_key()))
            return answer({"keys": [{**public, "kid": "one", "use": "sig"}]})
        assert kwargs["headers"] == {"Authorization": "Bearer access"}
        claims = {
            **self.base_claims(),
            "email": self.email,
            "given_name": "Claire",
            "usual_name": "Martin",
            **self.userinfo,
        }
        if self.userinfo_type.startswith("application/json"):
            return answer(claims)
        return answer(self.signed(claims), self.userinfo_type)

    def post(self, url: str, data: dict[str, str], **kwargs: Any) -> requests.Response:
        self.asked.append(url)
        assert (data["client_id"], data["client_secret"]) == (CLIENT, SECRET)
        claims = {**self.base_claims(), "nonce": self.nonce, **self.identity}
        body = {"access_token": "access", "id_token": self.signed(claims)}
        return answer(body, status=self.token_status)

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "userinfo_endpoint": f"{ISSUER}/userinfo",
            "jwks_uri": f"{ISSUER}/jwks",
            "end_session_endpoint": f"{ISSUER}/session/end",
            **self.metadata,
        }


def answer(body: Any, kind: str = "application/json", status: int = 200) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response.headers["Content-Type"] = kind
    response._content = (body if isinstance(body, str) else json.dumps(body)).encode()
    return response


def query_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
