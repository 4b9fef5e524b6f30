//! What the tests share: an invented node in a temporary folder, asked in process.

pub(crate) mod people;
pub(crate) mod promises;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, request};
use ensign_node::clock::SetClock;
use ensign_node::{Founding, Node};
use ensign_store::Entropy;
use ensign_trust::Realm;
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::site::{Site, private_router, router};

/// When every story takes place: 6 September 2026.
pub(crate) const NOW: u64 = 1_788_700_000;

/// A served node.
pub(crate) struct Served {
    pub(crate) node: Arc<Node>,
    pub(crate) clock: Arc<SetClock>,
    pub(crate) site: Site,
    public: Router,
    private: Router,
    _folder: TempDir,
}

/// What was answered.
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

/// Entropy that is the same in every run.
struct Seeded(AtomicU64);

impl Entropy for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let count = self.0.fetch_add(1, Ordering::SeqCst);
            chunk.copy_from_slice(&Sha256::digest(count.to_be_bytes())[..chunk.len()]);
        }
    }
}

impl Served {
    /// The invented story of `ensign demo`.
    pub(crate) fn story() -> Self {
        Served::with(NOW, |folder, clock, entropy| {
            ensign_node::demo::open(folder, clock, entropy, &mut |_| ()).unwrap()
        })
    }

    /// The part of the story about emblems, told of two parties: of the first as the first side, or
    /// swapped. They are founded in the same order.
    pub(crate) fn emblems(swapped: bool) -> Self {
        Served::with(NOW, |folder, clock, entropy| {
            let founding = Founding {
                name: "Records Office of the Three Rivers".to_owned(),
                origin: "node.example.org/log".to_owned(),
                realm: ensign_node::demo::realm(),
            };
            let node = Node::init(folder, &founding, clock, entropy).unwrap();
            let found = |name: &str| node.found_party(name, "body").unwrap().party;
            let [one, other, hospital] = ["Party Alder", "Party Birch", "A hospital"].map(found);
            let sides = match swapped {
                false => [one, other],
                true => [other, one],
            };
            ensign_node::demo::tell_emblems(&node, sides, hospital).unwrap();
            node
        })
    }

    /// A node of the real realm that holds nothing yet.
    pub(crate) fn empty() -> Self {
        Served::founded(NOW)
    }

    /// The same, founded at a moment.
    pub(crate) fn founded(at: u64) -> Self {
        Served::with(at, |folder, clock, entropy| {
            let founding = Founding {
                name: "Records Office of the Three Rivers".to_owned(),
                origin: "node.example.org/log".to_owned(),
                realm: Realm::Real,
            };
            Node::init(folder, &founding, clock, entropy).unwrap()
        })
    }

    fn with(at: u64, open: impl FnOnce(&Path, Arc<SetClock>, Arc<Seeded>) -> Node) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(SetClock::at(at));
        let entropy = Arc::new(Seeded(AtomicU64::new(0)));
        let node = open(&folder.path().join("node"), Arc::clone(&clock), entropy);
        let node = Arc::new(node);
        let site = Site::new(Arc::clone(&node), 8480);
        Served {
            node,
            clock,
            public: router(site.clone()),
            private: private_router(site.clone()),
            site,
            _folder: folder,
        }
    }

    /// Asks for an address.
    pub(crate) async fn get(&self, address: &str) -> Answered {
        self.ask(Method::GET, address, &[]).await
    }

    /// Asks with a method and headers.
    pub(crate) async fn ask(
        &self,
        method: Method,
        address: &str,
        headers: &[(&str, &str)],
    ) -> Answered {
        let request = request(method, address, headers);
        answered(self.public.clone(), request.body(Body::empty()).unwrap()).await
    }

    /// Sends a form as a page of the node does, with a cookie.
    pub(crate) async fn form(
        &self,
        address: &str,
        cookie: &str,
        fields: &[(&str, &str)],
    ) -> Answered {
        let cookie = format!("__Host-ensign={cookie}");
        let headers = [
            ("sec-fetch-site", "same-origin"),
            ("cookie", cookie.as_str()),
        ];
        self.send(address, &headers, &encoded(fields)).await
    }

    /// Sends a form with headers.
    pub(crate) async fn send(
        &self,
        address: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answered {
        let request = request(Method::POST, address, headers)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body.to_owned()));
        answered(self.public.clone(), request.unwrap()).await
    }

    /// Sends bytes with headers.
    pub(crate) async fn put(
        &self,
        address: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answered {
        let request = request(Method::POST, address, headers).body(Body::from(body.to_vec()));
        answered(self.public.clone(), request.unwrap()).await
    }

    /// Sends a body.
    pub(crate) async fn post(&self, address: &str, content_type: &str, body: &[u8]) -> Answered {
        let headers = [("content-type", content_type)];
        let request = request(Method::POST, address, &headers);
        let request = request.body(Body::from(body.to_vec())).unwrap();
        answered(self.public.clone(), request).await
    }

    /// Asks on the private port.
    pub(crate) async fn get_private(&self, address: &str) -> Answered {
        let request = request(Method::GET, address, &[]);
        answered(self.private.clone(), request.body(Body::empty()).unwrap()).await
    }

    /// The ids of the assets with this answer.
    pub(crate) async fn assets(&self, outcome: &str) -> Vec<String> {
        let list = format!("/api/v1/assets?outcome={outcome}");
        let list = self.get(&list).await.json();
        let assets = list["assets"].as_array().unwrap().iter();
        assets
            .map(|it| it["id"].as_str().unwrap().to_owned())
            .collect()
    }

    /// The statement of an emblem of the first asset with this answer that has a public token.
    pub(crate) async fn emblem(&self, outcome: &str) -> String {
        for asset in self.assets(outcome).await {
            let list = format!("/api/v1/emblems?asset={asset}");
            for emblem in self.get(&list).await.json()["emblems"].as_array().unwrap() {
                if emblem["has_token"] == true {
                    return emblem["statement"].as_str().unwrap().to_owned();
                }
            }
        }
        panic!("no asset that is {outcome} has an emblem with a token");
    }

    /// The addresses of the page of one incident that changed and of one that did not.
    pub(crate) async fn incident(&self, changed: bool) -> String {
        let list = format!("/en/incidents.json?changed={changed}&limit=1");
        let list = self.get(&list).await.json();
        format!(
            "/incidents/{}",
            list["incidents"][0]["id"].as_str().unwrap()
        )
    }
}

impl Answered {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The records of a CSV answer, its header first.
    pub(crate) fn records(&self) -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(self.bytes.as_slice());
        let records = reader.records().map(|record| record.unwrap());
        records
            .map(|record| record.iter().map(str::to_owned).collect())
            .collect()
    }
}

/// Compares with a golden file in the crate's folder. `ENSIGN_BLESS=1` rewrites it.
#[expect(
    clippy::disallowed_methods,
    reason = "only a test asks whether to rewrite its golden"
)]
pub(crate) fn assert_golden(path: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("ENSIGN_BLESS").is_some_and(|it| it == "1") {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        golden == text,
        "{} differs from what is answered:\n{text}",
        path.display()
    );
}

/// Reads a code back from the picture, by another library.
pub(crate) fn read_qr(svg: &str) -> String {
    let number = |text: &str| text.parse::<usize>().unwrap();
    let side = svg.split("viewBox=\"0 0 ").nth(1).unwrap();
    let side = number(side.split(' ').next().unwrap());
    let path = svg
        .split(" d=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let mut dark = vec![false; side * side];
    for run in path.split('M').skip(1) {
        let (x, rest) = run.split_once(' ').unwrap();
        let (y, rest) = rest.split_once('h').unwrap();
        let long = number(rest.split_once('v').unwrap().0);
        let first = number(y) * side + number(x);
        dark[first..first + long].fill(true);
    }
    let scale = 4;
    let mut image = rqrr::PreparedImage::prepare_from_bitmap(side * scale, side * scale, |x, y| {
        dark[y / scale * side + x / scale]
    });
    let grids = image.detect_grids();
    let [grid] = &grids[..] else {
        panic!("{} codes", grids.len());
    };
    grid.decode().unwrap().1
}

fn request(method: Method, address: &str, headers: &[(&str, &str)]) -> request::Builder {
    let mut request = Request::builder().method(method).uri(address);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request
}

/// What a router answers.
pub(crate) async fn answered(router: Router, request: Request<Body>) -> Answered {
    let response = router.oneshot(request).await.unwrap();
    Answered {
        status: response.status(),
        headers: response.headers().clone(),
        bytes: to_bytes(response.into_body(), usize::MAX)
            .await
            .unwrap()
            .to_vec(),
    }
}

/// Fields as a browser writes them (WHATWG URL, application/x-www-form-urlencoded).
pub(crate) fn encoded(fields: &[(&str, &str)]) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.*".contains(byte);
    let text = |text: &str| -> String {
        text.bytes()
            .map(|byte| match plain(&byte) {
                true => char::from(byte).to_string(),
                false => format!("%{byte:02X}"),
            })
            .collect()
    };
    let pairs: Vec<_> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", text(name), text(value)))
        .collect();
    pairs.join("&")
}
