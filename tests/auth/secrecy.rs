//! Nothing that is shown holds a secret or token.

use crate::fake::{Answer, Fake};
use cipp_client::auth::{AccessToken, ClientCredentials, StaticToken, TokenProvider};
use cipp_client::{RawRequest, Secret};
use std::time::Duration;

const CANARY: &str = "canary-9c41";

#[tokio::test(start_paused = true)]
async fn nothing_on_the_way_of_a_token_shows_it() {
    let fake = Fake::with(|request| {
        if request.url.path().ends_with("/token") {
            Answer::ok(format!(r#"{{"access_token":"{CANARY}-token","expires_in":3599}}"#))
        } else {
            // A server that echoes what it was sent.
            Answer::status(500, format!("you sent Bearer {CANARY}-token"))
        }
    });
    let secret = format!("{CANARY}-secret");
    let provider = ClientCredentials::new(fake.clone(), "tenant", "client", secret.as_str()).unwrap();
    let token = provider.token().await.unwrap();
    let builder = fake.builder().client_secret("tenant", "client", secret.as_str());
    let client = builder.clone().build().unwrap();
    let error = client.call(RawRequest::get("X")).await.unwrap_err();
    let diagnosis = client.diagnose().await;
    let shown = [
        format!("{provider:?} {:?} {token:?} {builder:?} {client:?}", provider.facts()),
        format!("{error} {error:?} {:?}", error.body()),
        format!("{diagnosis} {diagnosis:?} {}", serde_json::to_string(&diagnosis).unwrap()),
        format!("{:?} {:?}", StaticToken::new(CANARY), AccessToken::new(CANARY, Some(Duration::ZERO))),
        format!("{:?} {:?} {:?}", fake.request(0), fake.request(2), Secret::new(CANARY)),
    ];
    for shown in shown {
        assert!(!shown.contains(CANARY), "{shown}");
    }
}
