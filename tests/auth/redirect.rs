//! Neither the secret nor the token follows a redirect: over real sockets, with a second listener.

use cipp_client::{ErrorKind, RawRequest};
use cipp_mock::{Fault, MockServer};

#[tokio::test]
async fn neither_secret_nor_token_follows_a_redirect() {
    let server = MockServer::start().await.unwrap();
    let elsewhere = MockServer::start().await.unwrap();
    for status in [301, 302, 303, 307, 308] {
        for target in [elsewhere.url(), "http://169.254.169.254".to_owned(), server.url()] {
            let location = format!("{target}/api/GetVersion");
            let fault = |endpoint: &str| Fault::status(status).header("location", &location).times(1).on(endpoint);
            server.fault(fault("token"));
            let error = server.client().unwrap().call(RawRequest::get("GetVersion")).await.unwrap_err();
            assert_eq!((error.kind(), error.operation()), (ErrorKind::Auth, "sign-in"), "{error}");

            server.fault(fault("GetVersion"));
            let sent = server.requests().len();
            let error = server.client().unwrap().call(RawRequest::get("GetVersion")).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Auth, "{error}");
            assert!(error.to_string().contains("redirects"), "{error}");
            // The sign-in and the call, and nothing after them.
            assert_eq!(server.requests().len(), sent + 2);
        }
    }
    assert!(elsewhere.requests().is_empty(), "{:?}", elsewhere.requests());
}
