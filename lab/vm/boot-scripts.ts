import { type BootPlan, quote } from './cloud-config.ts';

/** Where the VM finds what the lab gives it; hidden behind nothing, as the virtual DVD of a real VM. */
const SEED = '/run/lab-seed';
/** Exit status of the VM's first process after a shutdown from inside. */
export const SHUTDOWN_STATUS = 42;

/**
 * Builds the VM's private view in its new mount namespace and changes into it: the host's files as the image, every
 * change in memory, own /run, /tmp and /proc. Lets go of the host's mounts: a copy that stayed would keep a file system
 * in use that the host has unmounted. `$1` is an empty folder, `$2` the seed folder. Says "up" on fd 3.
 */
export const viewScript = `set -e
mount --make-rprivate /
mount -t tmpfs -o mode=0755 lab-disk "$1"
mkdir "$1/up" "$1/work" "$1/root"
mount -t overlay -o "lowerdir=/,upperdir=$1/up,workdir=$1/work$LAB_OVERLAY_OPTIONS" lab-root "$1/root"
cd "$1/root"
mount --rbind /dev dev
mount --rbind /sys sys 2>/dev/null || true
mount -t proc proc proc
mount -t tmpfs -o mode=0755 tmpfs run
mkdir run/lock run/lab-seed
mount --bind "$2" run/lab-seed
for each in tmp var/tmp; do mount -t tmpfs -o mode=1777 tmpfs "$each"; done
for each in root home mnt media; do if [ -d "$each" ]; then mount -t tmpfs -o mode=0755 tmpfs "$each"; fi; done
mkdir run/lab-host
pivot_root . run/lab-host
cd /
umount --lazy run/lab-host
rmdir run/lab-host
hostname "$LAB_HOSTNAME" 2>/dev/null || true
echo up >&3
exec 3>&-
exec /bin/sh ${SEED}/init
`;

/** The VM's first process: starts what the boot asks for, keeps the VM alive, reaps, and ends it on shutdown. */
export function initScript(plan: BootPlan, firstBoot: boolean): string {
  return `trap 'exit ${SHUTDOWN_STATUS}' TERM
( cat <&4 >/dev/null; kill -TERM 1 ) &
exec 4<&-
${shims()}
echo "[cloud-init] boot of $(hostname)"
${firstBoot ? firstBootLines(plan) : ''}
cat > /run/lab-boot <<'LAB_END_OF_BOOT'
${plan.bootCommands.join('\n')}
${firstBoot ? plan.runCommands.join('\n') : ''}
echo "[cloud-init] finished"
LAB_END_OF_BOOT
cd /
/bin/sh /run/lab-boot &
while :; do sleep 3600 & wait $!; done
`;
}

function firstBootLines(plan: BootPlan): string {
  const lines = plan.files.map((file, index) => {
    const path = quote([file.path]);
    const source = `${SEED}/file-${index}`;
    const write = file.append ? `cat ${source} >> ${path}` : `cat ${source} > ${path}`;
    const owner = quote([file.owner]);
    return `mkdir -p "$(dirname ${path})" && ${write} && chmod ${file.permissions} ${path} && chown ${owner} ${path}`;
  });
  for (const name of plan.packages) lines.push(`echo ${quote([`[cloud-init] package noted: ${name}`])}`);
  for (const name of plan.ignored) lines.push(`echo ${quote([`[cloud-init] not emulated: ${name}`])}`);
  return lines.join('\n');
}

/** Commands that would reach beyond the VM: package installation is only noted, shutdown ends the first process. */
function shims(): string {
  return `mkdir -p /usr/local/sbin
cat > /usr/local/sbin/lab-shutdown <<'LAB_END'
#!/bin/sh
case "$(basename "$0") $*" in
  *reboot*|*" -r"*) echo "reboot is not emulated" >&2; exit 1 ;;
  "shutdown -c"*) exit 0 ;;
esac
delay=0
for word in "$@"; do case "$word" in +[0-9]*) delay=$(( \${word#+} * 60 )) ;; esac; done
if [ "$delay" -gt 0 ]; then ( sleep "$delay"; kill -TERM 1 ) >/dev/null 2>&1 & exit 0; fi
kill -TERM 1
LAB_END
cat > /usr/local/sbin/lab-noted <<'LAB_END'
#!/bin/sh
echo "[lab] noted: $(basename "$0") $*" | tee -a /var/log/lab-noted.log
LAB_END
cat > /usr/local/sbin/lab-systemctl <<'LAB_END'
#!/bin/sh
case " $* " in
  *" poweroff "*|*" halt "*) exec /usr/local/sbin/lab-shutdown now ;;
esac
exec /usr/local/sbin/lab-noted systemctl "$@"
LAB_END
chmod 755 /usr/local/sbin/lab-shutdown /usr/local/sbin/lab-noted /usr/local/sbin/lab-systemctl
for each in shutdown poweroff halt reboot; do
  for place in /usr/sbin /usr/local/sbin; do ln -sf /usr/local/sbin/lab-shutdown "$place/$each"; done
done
for each in apt apt-get unattended-upgrade; do ln -sf /usr/local/sbin/lab-noted "/usr/local/sbin/$each"; done
for place in /usr/bin /usr/local/sbin; do ln -sf /usr/local/sbin/lab-systemctl "$place/systemctl"; done
mkdir -p /etc/ssl/certs /usr/local/share/ca-certificates
cp ${SEED}/lab-ca.pem /usr/local/share/ca-certificates/lab-ca.crt
cat ${SEED}/lab-ca.pem >> /etc/ssl/certs/ca-certificates.crt`;
}
