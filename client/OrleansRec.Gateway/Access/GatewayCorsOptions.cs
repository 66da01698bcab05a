using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;

namespace OrleansRec.Gateway;

/// <summary>Which pages of other origins may call the gateway from a browser. Configuration section "Gateway:Cors".</summary>
public sealed class GatewayCorsOptions
{
    /// <summary>Origins such as https://shop.example, each exactly as a browser sends it; empty: none.</summary>
    /// <value>Empty by default. There is no wildcard: a page that is not named gets no answer that it could read.</value>
    [CustomValidation(typeof(GatewayCorsOptions), nameof(CheckOrigins))]
    public string[] Origins { get; set; } = [];

    /// <summary>How long a browser may remember that it may call.</summary>
    /// <value>10 min by default; browsers have bounds of their own.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan PreflightAgeMax { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Refuses what no browser sends as an origin.</summary>
    public static ValidationResult? CheckOrigins(string[]? origins, ValidationContext context)
    {
        foreach (string origin in origins ?? [])
            if (!Uri.TryCreate(origin, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https")
                || !string.Equals(url.GetLeftPart(UriPartial.Authority), origin, StringComparison.OrdinalIgnoreCase))
                return new($"Gateway:Cors:Origins '{origin}' must be an origin such as https://shop.example, without a path.");
        return ValidationResult.Success;
    }

    internal void Configure(CorsPolicyBuilder policy) => policy
        .WithOrigins(Origins)
        .WithMethods(HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Put, HttpMethods.Delete)
        .WithHeaders("Authorization", "Content-Type", "Content-Encoding", "X-Api-Key", "Last-Event-ID")
        .WithExposedHeaders("Retry-After")
        .SetPreflightMaxAge(PreflightAgeMax);
}
