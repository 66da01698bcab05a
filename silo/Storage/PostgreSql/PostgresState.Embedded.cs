using Microsoft.Extensions.Options;

namespace OrleansRec.Silo.Storage.PostgreSql;

/// <summary>Grain state in PostgreSQL is Orleans' own provider, which this build does not have.</summary>
internal static class PostgresState
{
    public static void Add(IServiceCollection services, string name, StorageOptions storage, string serviceId) =>
        throw new OptionsValidationException(StorageOptions.Section, typeof(StorageOptions),
            [$"{StorageOptions.Section}:{nameof(StorageOptions.Kind)} {storage.Kind} needs the Orleans engine; this build is Embedded, which keeps everything in a data folder (./rec engine)."]);
}
