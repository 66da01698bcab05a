using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansRec.Contracts;

namespace OrleansRec.Silo.Storage;

/// <summary>Grain state as every kind of store holds it.</summary>
internal static class GrainStateJson
{
    private static readonly JsonSerializerOptions json = new()
    {
        Converters = { new JsonStringEnumConverter() },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static byte[] Encode<T>(T state) => JsonSerializer.SerializeToUtf8Bytes(state, json);

    /// <param name="content">What <see cref="Encode"/> made.</param>
    /// <param name="what">Whose state it is.</param>
    /// <exception cref="CorruptStoreException">It cannot be read.</exception>
    public static T? Decode<T>(ReadOnlySpan<byte> content, string what)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(content, json);
        }
        catch (JsonException e)
        {
            throw new CorruptStoreException($"{what} cannot be read: {e.Message}");
        }
    }
}
