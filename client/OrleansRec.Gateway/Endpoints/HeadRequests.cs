using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace OrleansRec.Gateway;

/// <summary>What answers GET answers HEAD too (RFC 9110, section 9.3.2): the same headers, and the server leaves the body out.</summary>
internal static class HeadRequests
{
    private static readonly HttpMethodMetadata s_getAndHead = new([HttpMethods.Get, HttpMethods.Head]);

    /// <summary>Adds HEAD to every endpoint of a group that has GET alone.</summary>
    public static void AnswerHead(this IEndpointConventionBuilder group) => group.Finally(endpoint =>
    {
        for (int i = 0; i < endpoint.Metadata.Count; i++)
            if (endpoint.Metadata[i] is IHttpMethodMetadata { HttpMethods: [var only] } && HttpMethods.IsGet(only))
                endpoint.Metadata[i] = s_getAndHead;
    });
}
