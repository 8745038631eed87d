//! Decoding a large user list: the generated lenient types against strict serde derive, which drops what it does not know.
//!
//! `cargo bench --bench decode` prints the median of some rounds of each, taken in turns, and the ratio. `MEGABYTES` and `ROUNDS`
//! make it smaller, for a run under a profiler.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, missing_docs)]

use bytes::Bytes;
use cipp_client::types::User;
use cipp_client::{DecodeContext, Listing, Output, Reply};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// The same columns as the test data has, as somebody would write them by hand.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "only decoded")]
struct Strict {
    id: Option<String>,
    user_principal_name: Option<String>,
    display_name: Option<String>,
    given_name: Option<String>,
    surname: Option<String>,
    mail: Option<String>,
    mail_nickname: Option<String>,
    account_enabled: Option<bool>,
    user_type: Option<String>,
    usage_location: Option<String>,
    job_title: Option<String>,
    department: Option<String>,
    company_name: Option<String>,
    city: Option<String>,
    country: Option<String>,
    business_phones: Option<Vec<String>>,
    mobile_phone: Option<String>,
    proxy_addresses: Option<Vec<String>>,
    created_date_time: Option<String>,
    on_premises_sync_enabled: Option<bool>,
    assigned_licenses: Option<Vec<StrictLicense>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "only decoded")]
struct StrictLicense {
    sku_id: Option<String>,
    disabled_plans: Option<Vec<String>>,
}

fn users(bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 2048);
    text.push('[');
    let mut number = 0;
    while text.len() < bytes {
        if number > 0 {
            text.push(',');
        }
        write!(
            text,
            concat!(
                r#"{{"id":"{0:08x}-0000-4000-8000-{0:012x}","userPrincipalName":"user{0}@contoso.com","displayName":"User Number {0}","#,
                r#""givenName":"User","surname":"Number {0}","mail":"user{0}@contoso.com","mailNickname":"user{0}","accountEnabled":true,"#,
                r#""userType":"Member","usageLocation":"NL","jobTitle":"Engineer, level {1}","department":"Research","companyName":"Contoso","#,
                r#""city":"Utrecht","country":"Netherlands","businessPhones":["+31 30 {0}"],"mobilePhone":null,"#,
                r#""proxyAddresses":["SMTP:user{0}@contoso.com","smtp:user{0}@contoso.onmicrosoft.com"],"#,
                r#""createdDateTime":"2024-05-06T07:08:09Z","onPremisesSyncEnabled":null,"#,
                r#""assignedLicenses":[{{"skuId":"6fd2c87f-b296-42f0-b197-1e91e994b900","disabledPlans":[]}}]}}"#
            ),
            number,
            number % 7
        )
        .expect("writing to a string");
        number += 1;
    }
    text.push(']');
    text
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn main() {
    let setting = |name, default| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let text = users(setting("MEGABYTES", 25) * 1024 * 1024);
    let reply = Reply::new(StatusCode::OK, HeaderMap::new(), Bytes::from(text.clone()));
    let (mut ours, mut strict) = (Vec::new(), Vec::new());
    let mut rows = 0;
    for _ in 0..setting("ROUNDS", 9) {
        let start = Instant::now();
        let (listing, warnings) = Listing::<User>::decode(&reply, &DecodeContext::new("bench")).expect("it decodes");
        ours.push(start.elapsed());
        assert!(warnings.is_empty());
        rows = black_box(listing).len();

        let start = Instant::now();
        let decoded: Vec<Strict> = serde_json::from_str(&text).expect("it decodes");
        strict.push(start.elapsed());
        assert_eq!(black_box(decoded).len(), rows);
    }
    let (ours, strict) = (median(ours), median(strict));
    let rate = |time: Duration| text.len() as f64 / time.as_secs_f64() / 1e6;
    println!("{rows} users, {:.1} MB", text.len() as f64 / 1e6);
    println!("cipp-client      {ours:>10.1?}  {:>6.0} MB/s", rate(ours));
    println!("serde derive     {strict:>10.1?}  {:>6.0} MB/s", rate(strict));
    println!("ratio            {:>10.2}", ours.as_secs_f64() / strict.as_secs_f64());
}
