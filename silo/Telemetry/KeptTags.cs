using System.Collections.Frozen;
using System.Diagnostics;
using OpenTelemetry;

namespace OrleansRec.Silo.Telemetry;

/// <summary>
/// Lets a span keep only tags that are known to hold no personal data. Paths and queries name users and items, Orleans' own tags name grains by their
/// keys, and the texts of exceptions may name either, so what is not listed here does not leave the process.
/// </summary>
internal sealed class KeptTags : BaseProcessor<Activity>
{
    private static readonly FrozenSet<string> kept = new[]
    {
        "http.request.method", "http.response.status_code", "http.route", "network.protocol.version", "url.scheme", "error.type",
        "rpc.system", "rpc.service", "rpc.method", "orleansrec.store.write", "orleansrec.store.bytes",
    }.ToFrozenSet();

    public override void OnEnd(Activity data)
    {
        List<string>? removed = null;
        foreach (ref readonly KeyValuePair<string, object?> tag in data.EnumerateTagObjects())
            if (!kept.Contains(tag.Key))
                (removed ??= []).Add(tag.Key);
        foreach (string key in removed ?? [])
            data.SetTag(key, null);
        if (data.StatusDescription is not null)
            data.SetStatus(data.Status);
    }
}
