using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace OrleansRec.Gateway;

/// <summary>JSON that is exchanged is UTF-8 (RFC 8259, section 8.1): a body that says otherwise is refused rather than read as what it is not.</summary>
internal static class JsonText
{
    private const string Utf8 = "utf-8";

    /// <exception cref="BadHttpRequestException">The body declares another character set.</exception>
    public static void Check(HttpRequest request)
    {
        // Almost every request names none, and costs a search of a short text.
        if (request.ContentType is not { } declared || !declared.Contains("charset", StringComparison.OrdinalIgnoreCase)
            || !MediaTypeHeaderValue.TryParse(declared, out MediaTypeHeaderValue? type) || !type.Charset.HasValue)
            return;
        if (!HeaderUtilities.RemoveQuotes(type.Charset).Equals(Utf8, StringComparison.OrdinalIgnoreCase))
            throw new BadHttpRequestException("The body must be UTF-8.", StatusCodes.Status415UnsupportedMediaType);
        // The framework's reader does not know the quotes that a value may stand in.
        type.Charset = Utf8;
        request.ContentType = type.ToString();
    }
}
