# A bound key from Python: pip install httpx cryptography
# python3 dpop.py http://127.0.0.1:7071/v1 KEY key.pem "Who wrote to us today?"
# With the openai package: OpenAI(base_url=base, api_key=key, http_client=httpx.Client(auth=Proven(key, pem)))
import base64, hashlib, json, secrets, sys, time
import httpx
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

b64 = lambda data: base64.urlsafe_b64encode(data).rstrip(b"=").decode()
part = lambda value: b64(json.dumps(value).encode())


class Proven(httpx.Auth):
    """RFC 9449: each request carries a proof that the sender holds the private key."""

    def __init__(self, key, pem):
        self.key, self.nonce, self.private = key, None, serialization.load_pem_private_key(open(pem, "rb").read(), None)
        point = self.private.public_key().public_numbers()
        self.jwk = {"kty": "EC", "crv": "P-256", "x": b64(point.x.to_bytes(32, "big")), "y": b64(point.y.to_bytes(32, "big"))}

    def proof(self, request):
        claims = {"jti": secrets.token_urlsafe(16), "htm": request.method, "htu": str(request.url).split("?")[0], "iat": int(time.time()),
                  "ath": b64(hashlib.sha256(self.key.encode()).digest()), **({"nonce": self.nonce} if self.nonce else {})}
        signed = f'{part({"typ": "dpop+jwt", "alg": "ES256", "jwk": self.jwk})}.{part(claims)}'
        r, s = utils.decode_dss_signature(self.private.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        return f'{signed}.{b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))}'

    def auth_flow(self, request):
        for _ in range(2):
            request.headers.update({"Authorization": f"DPoP {self.key}", "DPoP": self.proof(request)})
            response = yield request
            self.nonce = response.headers.get("DPoP-Nonce", self.nonce)
            if response.status_code != 401 or "use_dpop_nonce" not in response.headers.get("WWW-Authenticate", ""):
                return


base, key, pem, question = sys.argv[1:]
body = {"model": "assistant", "stream": True, "messages": [{"role": "user", "content": question}]}
with httpx.Client(auth=Proven(key, pem)) as client, client.stream("POST", f"{base}/chat/completions", json=body) as answer:
    for line in answer.iter_lines():
        if line.startswith("data: {"):
            for choice in json.loads(line[6:])["choices"]:
                print(choice["delta"].get("content") or "", end="", flush=True)
