namespace OrleansRec.Silo.Dashboard.Access;

/// <summary>The headers of every dashboard page: nothing from another host, no framing, no guessing of types.</summary>
public static class PageHeaders
{
    /// <summary>Styles may be inline because the component library sizes its charts and panels by style attributes; scripts may not.</summary>
    private const string ContentPolicy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public static void Set(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
    }
}
