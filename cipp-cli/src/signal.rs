//! Being told to stop.

/// Ends when somebody presses Ctrl-C, or asks the program to end. From the first use on, the program does not end by itself.
pub async fn interrupted() {
    let pressed = async {
        // Without the signal nothing is ever interrupted, which is what would happen anyway.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = pressed => {}
        () = asked() => {}
    }
}

#[cfg(unix)]
async fn asked() {
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn asked() {
    std::future::pending().await
}
