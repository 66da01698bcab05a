using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace OrleansRec.Gateway;

/// <summary>Bodies that come packed: ASP.NET's middleware has unpacked those whose encoding it knows, within the limit of the endpoint, and taken the header away.</summary>
internal static class BodyEncoding
{
    /// <summary>The encodings that are unpacked.</summary>
    public const string Known = "gzip, br, deflate";

    /// <exception cref="BadHttpRequestException">The body is packed in a way that is not known.</exception>
    public static void Check(HttpRequest request)
    {
        StringValues encoding = request.Headers.ContentEncoding;
        if (encoding.Count == 0 || (encoding.Count == 1 && string.Equals(encoding[0], "identity", StringComparison.OrdinalIgnoreCase)))
            return;
        request.HttpContext.Response.Headers.AcceptEncoding = Known;
        throw new BadHttpRequestException($"The body must be sent as it is, or as one of {Known}.", StatusCodes.Status415UnsupportedMediaType);
    }
}
