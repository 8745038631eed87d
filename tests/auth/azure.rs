//! A credential of the Azure SDK gives the tokens.

use crate::fake::{Answer, Fake};
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::time::{Duration, OffsetDateTime};
use cipp_client::auth::AzureCredential;
use cipp_client::{ErrorKind, RawRequest};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

/// Gives tokens that are good for so many seconds by the wall clock; fails when there are none.
#[derive(Debug)]
struct Credential {
    asked: AtomicUsize,
    life: Option<i64>,
}

impl TokenCredential for Credential {
    fn get_token<'life0, 'life1, 'life2, 'life3, 'future>(
        &'life0 self,
        scopes: &'life1 [&'life2 str],
        _: Option<TokenRequestOptions<'life3>>,
    ) -> Pin<Box<dyn Future<Output = azure_core::Result<AccessToken>> + Send + 'future>>
    where
        'life0: 'future,
        'life1: 'future,
        'life2: 'future,
        'life3: 'future,
        Self: 'future,
    {
        Box::pin(async move {
            assert_eq!(scopes, ["api://client/.default"]);
            let number = self.asked.fetch_add(1, SeqCst) + 1;
            let Some(life) = self.life else {
                let kind = azure_core::error::ErrorKind::Credential;
                return Err(azure_core::Error::with_message(kind, "canary"));
            };
            let expires = OffsetDateTime::now_utc() + Duration::seconds(life);
            Ok(AccessToken::new(format!("canary-{number}"), expires))
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_credential_is_asked_when_its_token_ages() {
    // An hour's life; and one that has passed already by a wrong clock, which must not cause a sign-in for every call.
    for (life, asked) in [(3600, 1), (-3600, 1)] {
        let fake = Fake::with(|_| Answer::ok("1"));
        let credential = Arc::new(Credential { asked: AtomicUsize::new(0), life: Some(life) });
        let provider = AzureCredential::new(credential.clone(), "api://client/.default");
        let client = fake.builder().token_provider(Arc::new(provider)).build().unwrap();
        for _ in 0..100 {
            client.call(RawRequest::get("X")).await.unwrap();
        }
        assert_eq!((credential.asked.load(SeqCst), fake.count()), (asked, 100));
        assert_eq!(fake.request(0).headers["authorization"], "Bearer canary-1");
        assert!(!format!("{client:?}").contains("canary"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_credential_that_fails_is_a_failed_sign_in() {
    let fake = Fake::of([]);
    let credential = Arc::new(Credential { asked: AtomicUsize::new(0), life: None });
    let provider = AzureCredential::new(credential, "api://client/.default");
    let client = fake.builder().token_provider(Arc::new(provider)).build().unwrap();
    let error = client.call(RawRequest::get("X")).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Auth, "sign-in"));
    assert!(!format!("{error} {error:?}").contains("canary"));
}
