using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using OrleansRec.Api;

namespace OrleansRec.Gateway;

/// <summary>What the OpenAPI document says beyond the endpoints' own declarations: title, keys, the query parameters' types and ranges, and that one entry stands for an array of one.</summary>
internal static class OpenApiDescription
{
    private const string KeyScheme = "apiKey";

    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            Describe(document);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, _, _) =>
        {
            foreach (IOpenApiParameter parameter in operation.Parameters ?? [])
                Describe(parameter);
            foreach (OpenApiMediaType body in operation.RequestBody?.Content?.Values ?? [])
                AllowOne(body);
            return Task.CompletedTask;
        });
    }

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new() { Title = "OrleansRec", Version = "v1", Description = "A recommendation server. Errors are problem details (RFC 9457)." };
        document.Servers = [];
        // HEAD is what GET is, without the body: it is not described twice.
        foreach (IOpenApiPathItem path in document.Paths.Values)
            path.Operations?.Remove(HttpMethod.Head);
        document.Components ??= new();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[KeyScheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key of scope browser, read, write or admin.",
        };
        document.Security = [new() { [new OpenApiSecuritySchemeReference(KeyScheme, document)] = [] }];
    }

    /// <summary>Where a body may be an array, one entry of it may stand for itself: see <see cref="OneOrMany"/>.</summary>
    private static void AllowOne(OpenApiMediaType body)
    {
        if (body.Schema is OpenApiSchema { Type: JsonSchemaType.Array, Items: { } one } many)
            body.Schema = new OpenApiSchema { OneOf = [one, many] };
    }

    private static void Describe(IOpenApiParameter parameter)
    {
        if (parameter is not OpenApiParameter own)
            return;
        (JsonSchemaType? type, int? most, string? description) = own.Name switch
        {
            "k" => (JsonSchemaType.Integer, ListOptions.KMax, "How many items at most; 10 where it is absent."),
            "count" => (JsonSchemaType.Integer, Paging.CountMax, "Entries of the page; 100 where it is absent."),
            "cursor" => (JsonSchemaType.String, null, "next of the page before; absent for the first."),
            "includeSeen" => (JsonSchemaType.Boolean, null, "Keep items that the user already has."),
            "then" => (JsonSchemaType.String, null, "recommend: answer a list as well."),
            "filter" => (JsonSchemaType.String, null, "Conditions with commas between them: category:NAME, !category:NAME, price<=N, price>=N, in-stock."),
            "userId" or "itemId" or "eventId" => (JsonSchemaType.String, null, "1 to 256 bytes of UTF-8, percent-encoded."),
            "version" => (JsonSchemaType.Integer, null, "A model version."),
            _ => ((JsonSchemaType?)null, (int?)null, (string?)null),
        };
        if (type is not { } known)
            return;
        own.Description = description;
        own.Schema = new OpenApiSchema { Type = known, Minimum = most is null ? null : "1", Maximum = most?.ToString(System.Globalization.CultureInfo.InvariantCulture) };
    }
}
