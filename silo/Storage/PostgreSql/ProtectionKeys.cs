using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Npgsql;

namespace OrleansRec.Silo.Storage.PostgreSql;

/// <summary>The keys that protect the dashboard's login, where every silo finds them.</summary>
internal sealed class ProtectionKeys(PostgresStore store) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() => Asking(connection =>
    {
        using var command = new NpgsqlCommand("SELECT xml FROM rec_protection_key ORDER BY name", connection);
        using var rows = command.ExecuteReader();
        var keys = new List<XElement>();
        while (rows.Read())
            keys.Add(XElement.Parse(rows.GetString(0)));
        return keys;
    });

    public void StoreElement(XElement element, string friendlyName) => Asking(connection =>
    {
        using var command = new NpgsqlCommand("INSERT INTO rec_protection_key(name, xml) VALUES($1, $2) ON CONFLICT (name) DO UPDATE SET xml = excluded.xml", connection)
        {
            Parameters = { new() { Value = friendlyName }, new() { Value = element.ToString(SaveOptions.DisableFormatting) } },
        };
        return command.ExecuteNonQuery();
    });

    private T Asking<T>(Func<NpgsqlConnection, T> ask)
    {
        try
        {
            using var connection = store.Source.OpenConnection();
            return ask(connection);
        }
        catch (Exception e) when (PostgresFaults.IsFault(e))
        {
            throw PostgresFaults.Translate(e);
        }
    }
}
