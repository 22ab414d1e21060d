//! Certificates that are not to be trusted, and one authority that was named.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of a test fails the test by panicking"
)]

#[allow(dead_code, reason = "each test uses its part of it")]
mod wire;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use nirnay_fetch::{HttpTransport, Transport as _, TransportOptions, TransportProblem};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use wire::{Server, request};

/// An authority of our own.
fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
        .distinguished_name
        .push(DnType::CommonName, "An authority of a test");
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A server with a certificate of `authority`, altered by `alter`; counts requests that came through.
async fn server(
    authority: &CertifiedIssuer<'static, KeyPair>,
    name: &str,
    alter: impl FnOnce(&mut CertificateParams),
) -> (Server, Arc<AtomicUsize>) {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    alter(&mut params);
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, authority).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&requests);
    let server = Server::start(move |stream| {
        let (acceptor, counted) = (acceptor.clone(), Arc::clone(&counted));
        async move {
            let Ok(mut stream) = acceptor.accept(stream).await else {
                return;
            };
            let mut head = [0; 4_096];
            if matches!(stream.read(&mut head).await, Ok(1..)) {
                counted.fetch_add(1, Ordering::Relaxed);
                let reply = wire::answer("Content-Length: 2", b"ok");
                stream.write_all(&reply).await.ok();
                stream.shutdown().await.ok();
            }
        }
    })
    .await;
    (server, requests)
}

async fn ask(server: &Server, roots: Vec<u8>) -> Result<u16, TransportProblem> {
    let base = format!("https://localhost:{}", server.port);
    let options = TransportOptions {
        extra_roots: roots,
        ..TransportOptions::default()
    };
    let transport = HttpTransport::new(&base.parse().unwrap(), options).unwrap();
    let reply = transport.send(request(&format!("{base}/"), 1_000)).await;
    reply.map(|reply| reply.status).map_err(|error| {
        assert_eq!(error.wire_bytes, 0);
        error.problem
    })
}

#[tokio::test]
async fn nothing_is_sent_over_a_connection_that_is_not_vouched_for() {
    let authority = authority();
    let pem = authority.pem().into_bytes();
    let (good, requests) = server(&authority, "localhost", |_| {}).await;
    assert_eq!(
        ask(&good, Vec::new()).await,
        Err(TransportProblem::Tls),
        "an authority that nobody named"
    );
    assert_eq!(requests.load(Ordering::Relaxed), 0);
    assert_eq!(ask(&good, pem.clone()).await, Ok(200));
    assert_eq!(requests.load(Ordering::Relaxed), 1);

    let (named, requests) = server(&authority, "elsewhere.example", |_| {}).await;
    assert_eq!(
        ask(&named, pem.clone()).await,
        Err(TransportProblem::Tls),
        "another name"
    );
    assert_eq!(requests.load(Ordering::Relaxed), 0);

    let (expired, requests) = server(&authority, "localhost", |params| {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
    })
    .await;
    assert_eq!(
        ask(&expired, pem.clone()).await,
        Err(TransportProblem::Tls),
        "expired"
    );
    assert_eq!(requests.load(Ordering::Relaxed), 0);

    let (early, requests) = server(&authority, "localhost", |params| {
        params.not_before = date_time_ymd(2200, 1, 1);
        params.not_after = date_time_ymd(2201, 1, 1);
    })
    .await;
    assert_eq!(
        ask(&early, pem).await,
        Err(TransportProblem::Tls),
        "not yet valid"
    );
    assert_eq!(requests.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn what_is_no_authority_is_refused_beforehand() {
    let base = "https://scr.sci.gov.in".parse().unwrap();
    for pem in [
        &b"not a certificate"[..],
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ] {
        let options = TransportOptions {
            extra_roots: pem.to_vec(),
            ..TransportOptions::default()
        };
        assert!(HttpTransport::new(&base, options).is_err());
    }
}
