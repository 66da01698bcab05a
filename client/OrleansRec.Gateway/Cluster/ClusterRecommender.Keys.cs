using System.Globalization;
using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Gateway;

public sealed partial class ClusterRecommender
{
    private const int KeyNameCharsMax = 100;

    /// <inheritdoc/>
    public async Task<NewKeyAnswer> CreateKeyAsync(KeyInput key, CancellationToken cancellation = default)
    {
        if (string.IsNullOrWhiteSpace(key.Name) || key.Name.Length > KeyNameCharsMax)
            throw ListRules.Broken("name", key.Name, $"must be 1 to {KeyNameCharsMax} characters");
        if (KeyScopeNames.Parse(key.Scope) is not { } scope)
            throw ListRules.Broken("scope", key.Scope, "must be one of read, write, admin, system");
        if (scope == KeyScope.System && tenant != TenantId.Default)
            throw ListRules.Broken("scope", key.Scope, $"must be read, write or admin, except for keys of tenant {TenantId.Default}");
        CheckRate("requestsPerSecond", key.RequestsPerSecond);
        (string text, KeyRecord record) = await AskOnce(keys.Create(tenant, key.Name, scope, key.RequestsPerSecond, cancellation), cancellation).ConfigureAwait(false);
        return NewKey(text, record);
    }

    /// <inheritdoc/>
    public async Task<KeysAnswer> ListKeysAsync(CancellationToken cancellation = default)
    {
        KeyRecord[] all = await Ask(() => keys.List(tenant, cancellation), cancellation).ConfigureAwait(false);
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return new([.. all.Select(k => new KeyEntry(
            k.Id, k.Name, KeyScopeNames.Of(k.Scope), DateTimeOffset.FromUnixTimeMilliseconds(k.CreatedMs), TimeOf(k.LastUsedMs),
            k.OldUntilMs > now ? TimeOf(k.OldUntilMs) : null, k.RequestsPerSecond))]);
    }

    /// <inheritdoc/>
    public async Task<NewKeyAnswer?> RotateKeyAsync(string keyId, KeyRotation? rotation = null, CancellationToken cancellation = default)
    {
        double seconds = rotation?.OverlapSeconds ?? KeyRotation.OverlapSecondsDefault;
        if (!(seconds is >= 0 and <= KeyRotation.OverlapSecondsMax))
            throw ListRules.Broken("overlapSeconds", Text(seconds), $"must be 0 to {KeyRotation.OverlapSecondsMax}");
        var rotated = await AskOnce(keys.Rotate(tenant, keyId, TimeSpan.FromSeconds(seconds), cancellation), cancellation).ConfigureAwait(false);
        return rotated is var (text, record) ? NewKey(text, record) : null;
    }

    /// <inheritdoc/>
    public Task<bool> RevokeKeyAsync(string keyId, CancellationToken cancellation = default) => Ask(() => keys.Revoke(tenant, keyId, cancellation), cancellation, _ => true);

    private static NewKeyAnswer NewKey(string text, KeyRecord record) =>
        new(record.Id, record.Name, KeyScopeNames.Of(record.Scope), DateTimeOffset.FromUnixTimeMilliseconds(record.CreatedMs), text);

    private static void CheckRate(string field, double? rate)
    {
        if (rate is { } asked && !(asked is >= RequestRate.Min and <= RequestRate.Max))
            throw ListRules.Broken(field, Text(asked), $"must be {Text(RequestRate.Min)} to {Text(RequestRate.Max)}");
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
