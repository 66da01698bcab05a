namespace OrleansRec.Gateway;

/// <summary>Says that an endpoint shows or changes personal data, so each request to it is noted in the access log before it is served.</summary>
/// <param name="Verb">What is asked for.</param>
/// <param name="UserParameter">The route parameter that names the user; null where a page of many is shown.</param>
public sealed record LookAt(string Verb, string? UserParameter);
