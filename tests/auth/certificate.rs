//! Signing in with a certificate. The keys here were made for these tests and open nothing.

use crate::fake::{Answer, Fake};
use crate::proof::form;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{KeyPair as _, RSA_PSS_2048_8192_SHA256, UnparsedPublicKey};
use cipp_client::auth::ClientCertificate;
use cipp_client::{ErrorKind, RawRequest};
use rustls_pki_types::PrivatePkcs8KeyDer;
use rustls_pki_types::pem::PemObject;
use serde_json::Value;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A key, a foreign certificate, and the key's own.
const PEM: &str = include_str!("certificate/client.pem");
/// The same key in the older form.
const TRADITIONAL: &str = include_str!("certificate/traditional.pem");
/// What `openssl x509 -outform DER | openssl dgst -sha256` says of the key's own certificate.
const THUMBPRINT: &str = include_str!("certificate/thumb.txt");

fn unbase64(text: &str) -> Vec<u8> {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bits: String = text.chars().map(|c| format!("{:06b}", ALPHABET.find(c).unwrap())).collect();
    bits.as_bytes().chunks_exact(8).map(|byte| u8::from_str_radix(str::from_utf8(byte).unwrap(), 2).unwrap()).collect()
}

fn part(assertion: &str, index: usize) -> Value {
    serde_json::from_slice(&unbase64(assertion.split('.').nth(index).unwrap())).unwrap()
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

#[tokio::test(start_paused = true)]
async fn the_assertion_is_signed_and_says_who_signs_in() {
    let mut ids = Vec::new();
    for pem in [PEM, TRADITIONAL] {
        let fake = Fake::of([Answer::ok(r#"{"access_token":"abc"}"#), Answer::ok("1")]);
        let client = fake.builder().client_certificate("tenant", "client", pem).build().unwrap();
        client.call(RawRequest::get("X")).await.unwrap();
        let form = form(&fake, 0);
        assert_eq!(form["client_assertion_type"], "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        assert!(!form.contains_key("client_secret"));
        let assertion = &form["client_assertion"];
        let (header, claims) = (part(assertion, 0), part(assertion, 1));
        assert_eq!((&header["alg"], &header["x5t#S256"]), (&"PS256".into(), &THUMBPRINT.trim().into()));
        assert_eq!((&claims["iss"], &claims["sub"]), (&"client".into(), &"client".into()));
        assert_eq!(claims["aud"], "https://login.microsoftonline.com/tenant/oauth2/v2.0/token");
        let time = |name: &str| claims[name].as_u64().unwrap();
        assert!(time("iat").abs_diff(now()) < 10 && time("nbf") < time("iat"));
        assert!((300..=900).contains(&(time("exp") - time("iat"))));
        ids.push(claims["jti"].clone());

        let key = PrivatePkcs8KeyDer::from_pem_slice(PEM.as_bytes()).unwrap();
        let public = KeyPair::from_pkcs8(key.secret_pkcs8_der()).unwrap().public_key().as_ref().to_vec();
        let (signed, signature) = assertion.rsplit_once('.').unwrap();
        let public = UnparsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, public);
        public.verify(signed.as_bytes(), &unbase64(signature)).unwrap();
        assert!(public.verify(b"another", &unbase64(signature)).is_err());

        let shown = format!("{client:?} {:?}", fake.builder().client_certificate("tenant", "client", pem));
        let key_line = pem.lines().skip_while(|line| !line.contains("PRIVATE")).nth(3).unwrap();
        assert!(shown.contains("thumbprint") && !shown.contains(key_line) && !shown.contains("PRIVATE"), "{shown}");
    }
    assert_ne!(ids[0], ids[1]);
}

#[tokio::test(start_paused = true)]
async fn a_wrong_clock_is_corrected_by_the_answer_once() {
    let late = SystemTime::now() + Duration::from_secs(5 * 3600);
    let refusal = move || {
        let text = r#"{"error":"invalid_client","error_codes":[700024],"error_description":"AADSTS700024: x"}"#;
        Answer::status(401, text).header("date", httpdate::fmt_http_date(late))
    };
    let fake = Fake::of([refusal(), Answer::ok(r#"{"access_token":"abc"}"#), Answer::ok("1")]);
    let client = fake.builder().client_certificate("tenant", "client", PEM).build().unwrap();
    client.call(RawRequest::get("X")).await.unwrap();
    let issued = |index| part(&form(&fake, index)["client_assertion"], 1)["iat"].as_u64().unwrap();
    assert!((issued(1) - issued(0)).abs_diff(5 * 3600) < 10);

    // No loop: what is refused again stays refused.
    let fake = Fake::of([refusal(), refusal()]);
    let client = fake.builder().client_certificate("tenant", "client", PEM).build().unwrap();
    let error = client.call(RawRequest::get("X")).await.unwrap_err();
    assert_eq!((error.kind(), fake.count()), (ErrorKind::Auth, 2));
    assert!(error.to_string().contains("clock"), "{error}");
}

#[test]
fn what_is_no_certificate_with_its_key_is_told() {
    let cut = |from: &str| PEM.split_once(from).map(|(before, _)| before.to_owned()).unwrap();
    let key_only = cut("-----BEGIN CERTIFICATE");
    let certificate_only = PEM.split_once("-----END PRIVATE KEY-----").unwrap().1.to_owned();
    let encrypted = PEM.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let damaged = PEM.replacen("MII", "!!!", 1);
    for (pem, part) in [
        ("", "no PEM"),
        ("0\u{82}binary", "openssl pkcs12"),
        (&*key_only, "no certificate"),
        (&*certificate_only, "no private key"),
        (&*encrypted, "has a password"),
        (&*damaged, "damaged"),
        (include_str!("certificate/mismatch.pem"), "does not belong"),
        (include_str!("certificate/ec.pem"), "RSA"),
    ] {
        let error = ClientCertificate::from_pem(pem).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains(part), "{part}: {error}");
        let built = Fake::of([]).builder().client_certificate("t", "c", pem).build();
        assert!(built.unwrap_err().to_string().contains(part));
    }
}
