using OrleansRec.Model;

namespace OrleansRec.Silo.Storage;

/// <summary>Format 1 to 2: the names of streams and grains got the tenant as their first part; what was there before belongs to the default tenant.</summary>
/// <remarks>Worked example: stream <c>users/3</c> becomes <c>default/users/3</c>, state of grain <c>keyring/keys</c> that of <c>keyring/default/keys</c>.</remarks>
internal static class TenantNames
{
    public static void Add(StoreConnection connection)
    {
        connection.Run("UPDATE stream SET name = $0 || name", TenantId.Default.Name + "/");
        connection.Run(
            "UPDATE grain_state SET grain = substr(grain, 1, instr(grain, '/')) || $0 || substr(grain, instr(grain, '/') + 1)", TenantId.Default.Name + "/");
    }
}
