//! The API's description, put together from the modules, and the page that shows it.

use axum::{
    Router,
    http::{HeaderValue, header},
    response::Response,
};
use utoipa::openapi::{
    Components, InfoBuilder, OpenApi, OpenApiBuilder, SecurityRequirement,
    security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::App;

/// The page writes styles at run time, which the policy of all other pages forbids. It talks to nobody but its own host.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; \
                      form-action 'none'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'";

const DOCUMENT: &str = "/api/openapi.json";
const PAGE: &str = "/api/docs";

/// The description of the whole API: what the modules describe, in their order.
#[must_use]
fn document(app: &App) -> OpenApi {
    let info = InfoBuilder::new().title("SRI").version(env!("CARGO_PKG_VERSION")).description(Some(
        "The programs of a unidade work here with a token that its administrador made in Configurações → Tokens da API \
         (`Authorization: Bearer …`). The token names its unidade: on the API host it is all that is needed, on the host of a \
         unidade it must be that unidade's. `GET /api/v1/whoami` tells what it may do. It may ask so often a minute as `RateLimit-Policy` \
         says; `RateLimit` tells what is left of the minute, and 429 with `Retry-After` that nothing is. Errors are problem documents (RFC 9457) whose `code` is stable. Lists are read with \
         `limit` and `cursor`; a record's version is its ETag.",
    ));
    let mut document = OpenApiBuilder::new().info(info.build()).build();
    for module in &app.modules {
        if let Some(openapi) = module.openapi {
            document.merge(openapi());
        }
    }
    let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build());
    document.components.get_or_insert_with(Components::new).add_security_scheme("token", bearer);
    document.security = Some(vec![SecurityRequirement::new::<_, [&str; 0], &str>("token", [])]);
    document
}

/// `/api/docs` and the document behind it. Neither says anything of a unidade, so anybody may read them.
pub(crate) fn router(app: &App) -> Router {
    let config = Config::from(DOCUMENT).validator_url("none").try_it_out_enabled(true).display_request_duration(true);
    let page = Router::from(SwaggerUi::new(PAGE).url(DOCUMENT, document(app)).config(config));
    page.layer(axum::middleware::map_response(dressed))
}

async fn dressed(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    response
}
